/** The runs of a comparison, one after the other, each in a process of its own. */

import type { Comparison } from './comparison.ts';
import type { ComparisonFolder } from './comparison-folder.ts';
import type { KeptNetwork, KeptRun } from './comparison-state.ts';
import type { ComparisonCallback, RunPlace } from './events.ts';
import type { RunEnd, RunNews } from './run-messages.ts';
import { runInProcess } from './run-process.ts';
import { secondsOfRest } from './time-left.ts';

/** That a process needs before its run's own clock starts. */
const startSeconds = 2;

interface Watching {
  readonly callbacks: readonly ComparisonCallback[];
  readonly signal: AbortSignal | undefined;
}

/** Runs what is not done, and keeps each result as soon as it is there. A run that fails ends no other. */
export async function runAll(
  folder: ComparisonFolder,
  { callbacks, signal }: Watching,
): Promise<Comparison['stopped']> {
  const { networks, runs, maxMinutes } = folder.state;
  let isTimeUp = false;
  for (const [i, { network: name, seed }] of runs.entries()) {
    const run = folder.state.runs[i] as KeptRun;
    if (run.outcome) continue;
    if (signal?.aborted) return 'interrupted';
    const share = maxMinutes === undefined ? undefined : shareOf(maxMinutes * 60, folder.state.runs.slice(i), folder);
    const resume = await folder.isBegun(run);
    if (share !== undefined && share <= 0) isTimeUp = true;
    // what was begun has its steps, and is ended
    if (isTimeUp && !resume) continue;
    const network = networks.find((one) => one.name === name) as KeptNetwork;
    const place = { network: name, seed, number: i + 1, runs: runs.length };
    const minutes = resume ? undefined : share;
    for (const { onRun } of callbacks) onRun?.({ ...place, isResumed: resume, minutes });
    const began = performance.now();
    const elapsed = () => (performance.now() - began) / 1000;
    const task = {
      config: network.config,
      seed,
      ...(network.module !== undefined && { module: network.module }),
      folder: folder.folderOf(run),
      resume,
      ...(minutes !== undefined && { maxMinutes: minutes }),
    };
    const onNews = (news: RunNews) => tell(callbacks, place, news, folder, elapsed());
    const end = await runInProcess(task, { signal, onNews });
    const kept = keptOf(run, end, elapsed());
    await folder.keep(kept);
    if (end.kind === 'interrupted' && signal?.aborted) return 'interrupted';
    const { seconds, outcome, failure } = kept;
    for (const { onRunEnd } of callbacks)
      onRunEnd?.({ ...place, seconds, ...(outcome && { outcome }), ...(failure && { failure }) });
  }
  return isTimeUp ? 'time' : 'finished';
}

/** Seconds of all runs so far. */
const spentIn = ({ state }: ComparisonFolder): number => state.runs.reduce((sum, run) => sum + run.seconds, 0);

/** Minutes of each run that is left, the first of `left` being next. */
function shareOf(seconds: number, left: readonly KeptRun[], folder: ComparisonFolder): number {
  const open = left.filter(({ outcome }) => !outcome).length;
  return ((seconds - spentIn(folder)) / open - startSeconds) / 60;
}

function keptOf({ outcome: _, failure: __, ...run }: KeptRun, end: RunEnd, elapsed: number): KeptRun {
  const seconds = run.seconds + elapsed;
  const before = run.peakBytes ?? 0;
  if (end.kind === 'failed') return { ...run, seconds, failure: end.failure };
  if (end.kind === 'interrupted') return { ...run, seconds, peakBytes: Math.max(before, end.peakBytes) };
  const peakBytes = Math.max(before, end.outcome.peakBytes);
  return { ...run, seconds, outcome: { ...end.outcome, peakBytes } };
}

function tell(
  callbacks: readonly ComparisonCallback[],
  place: RunPlace,
  news: RunNews,
  folder: ComparisonFolder,
  elapsed: number,
): void {
  for (const callback of callbacks) {
    if (news.kind === 'note') callback.onNote?.({ ...place, text: news.text });
    else if (news.kind === 'length') callback.onLength?.({ ...place, ...news.event });
    else if (news.kind === 'epoch') callback.onEpoch?.({ ...place, ...news.event });
    else
      callback.onStep?.({
        ...place,
        ...news.event,
        secondsLeftInAll: leftInAll(folder, place, elapsed, news.event.secondsLeft),
      });
  }
}

function leftInAll(folder: ComparisonFolder, place: RunPlace, elapsed: number, ownLeft: number): number | undefined {
  const { networks, runs, maxMinutes } = folder.state;
  const macs = new Map(networks.map((network) => [network.name, network.macs]));
  const rest = secondsOfRest(
    runs.map(({ network, seed, seconds, outcome, failure }) => {
      const isNow = network === place.network && seed === place.seed;
      const known = isNow ? elapsed + ownLeft : outcome ? seconds : undefined;
      return {
        network,
        macs: macs.get(network) ?? 0,
        isDone: outcome !== undefined || (failure !== undefined && !isNow),
        ...(known !== undefined && { seconds: known }),
      };
    }),
  );
  if (rest === undefined) return undefined;
  const left = maxMinutes === undefined ? Number.POSITIVE_INFINITY : maxMinutes * 60 - spentIn(folder);
  return Math.max(ownLeft, Math.min(rest, left) - elapsed);
}
