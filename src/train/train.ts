/** Training from options: settled and recorded once, run, and closed. */
import { cropAt } from '../data/index.ts';
import type { Ranks } from '../engines/index.ts';
import { countParams, type Program } from '../ir/index.ts';
import { Pipeline } from '../pipeline/index.ts';
import { CheckpointError, ConfigError, DataError, EngineError } from '../tensor/index.ts';
import { changesText } from '../trained/index.ts';
import { asRecorded, type Begun, begin, type RunBefore, resumedFrom, runBefore } from './begin.ts';
import { close } from './close.ts';
import { recipeOf } from './config.ts';
import type { StartEvent } from './events.ts';
import { freeFolder } from './free-folder.ts';
import { memorySink } from './memory-sink.ts';
import { paceOf } from './pace.ts';
import { epochsOnImages, trainsOnFeatures } from './phase-at.ts';
import { expectSameBeginning, expectSameRun } from './ranks/agree.ts';
import { agreedSignal } from './ranks/agreed-signal.ts';
import { expectEqualState } from './ranks/equal-state.ts';
import { expectAlone } from './ranks/expect-alone.ts';
import { inJob } from './ranks/in-job.ts';
import { workersOf } from './ranks/machine-share.ts';
import { writingSeconds } from './ranks/run-ranks.ts';
import { followingSink, leadingSink } from './ranks/shared-sink.ts';
import type { RateSearch } from './rate-search/index.ts';
import { recipeRows } from './recipe-rows.ts';
import type { OpenPhase, PreparedRun, Run, RunUnderWay, Witness } from './run.ts';
import { RunFolder } from './run-folder.ts';
import { runPhases } from './run-phases.ts';
import { checkedNetwork, expectUsableImage } from './run-programs.ts';
import { type RunSink, withKept } from './run-sink.ts';
import type { Settings } from './settings.ts';
import { settle } from './settle.ts';
import { stepFacts } from './step-facts.ts';
import type { TrainOptions } from './train-options.ts';
import { frozenThroughout } from './transfer.ts';

/**
 * Trains `model` on `data` and saves into a run folder: `last` and `best` checkpoints, config.yaml, metrics.jsonl, results.csv,
 * and at its end report.html; or into another sink, such as `memorySink()`.
 * @throws ConfigError, DataError for options or data that cannot work; TrainingError where the loss or a gradient is not finite;
 *   CheckpointError where the run to go on with is damaged, or nothing can be saved; EngineError where the engine fails
 */
export function train(options: TrainOptions): Promise<Run> {
  const began = performance.now();
  return inJob(options, (ranks) => trainIn(ranks, options, began));
}

async function trainIn(ranks: Ranks | undefined, options: TrainOptions, began: number): Promise<Run> {
  const { out } = options;
  if (ranks) await expectSameBeginning(ranks, options.resume ?? false);
  const given = typeof out === 'string' ? new RunFolder(out) : out;
  if (options.resume) return goOnWith(given && sinkIn(ranks, given), options, began, ranks);
  const settings = await settle(options, undefined, ranks);
  const network = checkedNetwork(settings);
  expectUsableImage(settings, network);
  const sink = sinkIn(ranks, given ?? new RunFolder(await freeName(settings, ranks), { isNew: true }));
  return using(sink, false, () => trainInto(sink, settings, network, options, began, undefined, runToItsEnd));
}

/** Rank 0 alone writes. */
function sinkIn(ranks: Ranks | undefined, sink: RunSink): RunSink {
  if (!ranks) return sink;
  return ranks.rank === 0 ? leadingSink(sink, ranks) : followingSink(sink.name, ranks);
}

/** The other ranks are told, since rank 0 may have taken it by the time they look. */
async function freeName({ network }: Settings, ranks: Ranks | undefined): Promise<string> {
  if (!ranks) return freeFolder(network.name);
  // one machine settles faster than another
  await ranks.allow(writingSeconds);
  const own = ranks.rank === 0 ? new TextEncoder().encode(await freeFolder(network.name)) : new Uint8Array();
  return new TextDecoder().decode(await ranks.broadcast(own));
}

/**
 * Only looks for the learning rate, as `train` does with `findLr`: up to 100 steps in which it rises from 0.000001 to 10. Nothing is saved.
 * @throws as `train`; the signal's reason where it comes before the end
 */
export async function findRate(options: TrainOptions): Promise<RateSearch> {
  expectAlone('findLr', 'look for the rate in one process, and give it: --lr 0.05');
  return inMemory({ ...options, findLr: true }, async ({ rates }) => rates as RateSearch);
}

/**
 * Begins a run of which nothing is kept, and gives it to `then`.
 * @throws as `train`, and what `then` throws
 */
export function trial<T>(
  options: TrainOptions,
  then: (run: RunUnderWay, open: (phase: OpenPhase) => void) => Promise<T>,
): Promise<T> {
  return inMemory(options, ({ run }, open) => then(run, open));
}

/** Which steps of a run are made again, and who sees them. */
export interface Again {
  /** Holds the run, and keeps nothing of what it is told; its `last` is the checkpoint to begin from, or one that knows the data. */
  readonly sink: RunSink;
  readonly isFromStart: boolean;
  /** Whether there is a checkpoint: a run may have ended before it saved one. */
  readonly hasCheckpoint: boolean;
  readonly witness: Witness;
}

/**
 * Steps of a run that is over or under way, as the run took them, until the signal comes; there is no test and no report.
 * @param options as the run's config.yaml has them
 * @throws as `train` with `resume`
 */
export async function again<T>(
  options: TrainOptions,
  { sink, isFromStart, hasCheckpoint, witness }: Again,
  then: (begun: Begun, open: (phase: OpenPhase) => void) => Promise<T>,
): Promise<T> {
  const began = performance.now();
  const before = hasCheckpoint ? { ...(await runBefore(sink, options.changedData)), isFromStart } : undefined;
  const config = before ? before.config : await sink.recorded();
  const settings = await settle(asRecorded(options, config), before);
  return trainInto(sink, settings, checkedNetwork(settings), options, began, before, then, witness);
}

async function inMemory<T>(options: TrainOptions, then: Then<T>): Promise<T> {
  const began = performance.now();
  const settings = await settle(options);
  const network = checkedNetwork(settings);
  expectUsableImage(settings, network);
  return trainInto(memorySink(), settings, network, options, began, undefined, then);
}

/** The data is split as the run split it, so what it left is looked at first. */
async function goOnWith(
  sink: RunSink | undefined,
  options: TrainOptions,
  began: number,
  ranks: Ranks | undefined,
): Promise<Run> {
  if (!sink) throw new ConfigError('train: `resume` needs the run folder', 'give it as `out`');
  return using(sink, true, async () => {
    const before = await runBefore(sink, options.changedData);
    const settings = await settle(asRecorded(options, before.config), before, ranks);
    return trainInto(sink, settings, checkedNetwork(settings), options, began, before, runToItsEnd);
  });
}

async function using(sink: RunSink, resume: boolean, run: () => Promise<Run>): Promise<Run> {
  await sink.take({ resume });
  try {
    return await run();
  } finally {
    await sink.leave();
  }
}

/** What is done with a run that has begun. @param open hears of each phase whose engine runs */
type Then<T> = (begun: Begun, open: (phase: OpenPhase) => void) => Promise<T>;

async function trainInto<T>(
  sink: RunSink,
  settings: Settings,
  network: Program,
  { callbacks = [], signal: ownSignal, cache: askedCache }: TrainOptions,
  began: number,
  before: RunBefore | undefined,
  then: Then<T>,
  witness?: Witness,
): Promise<T> {
  const recipe = recipeOf(settings);
  const agreed = settings.ranks && agreedSignal(ownSignal);
  const signal = agreed?.signal ?? ownSignal;
  if (settings.ranks) await expectSameRun(settings, recipe);
  const found = before && resumedFrom(before, settings, network, recipe);
  const resumed = before?.isFromStart ? undefined : found;
  const onNote = (text: string): void => {
    for (const callback of callbacks) callback.onNote?.(text);
  };
  const pipeline = new Pipeline({ ...settings, workers: workersOf(settings), onNote });
  let phase: OpenPhase | undefined;
  const open = (next: OpenPhase): void => {
    phase = next;
  };
  try {
    const isResumed = before !== undefined;
    expectKeeping(sink, settings);
    const prepared = {
      settings,
      recipe,
      network,
      isResumed,
      pipeline,
      askedCache,
      sink,
      callbacks,
      signal,
      agreed,
      began,
      witness,
    };
    return await then(await begin(prepared, resumed, open), open);
  } catch (error) {
    throw sayingWhatIsKept(error, sink);
  } finally {
    await pipeline.close();
    await phase?.executable.dispose();
  }
}

/** What ends a run from outside: an engine, an image, a disk. */
function sayingWhatIsKept(error: unknown, sink: RunSink): unknown {
  for (const Outside of [EngineError, DataError, CheckpointError])
    if (error instanceof Outside) return new Outside(error.message, withKept(error.hint, sink));
  return error;
}

/** @throws ConfigError where the sink of a run that is to keep epochs cannot */
function expectKeeping(sink: RunSink, { keep }: Settings): void {
  if (keep > 0 && !sink.keepEpoch)
    throw new ConfigError(
      `train: \`keep\` is ${keep}, but ${sink.name} has no \`keepEpoch\` and keeps no checkpoints of single epochs`,
      'leave `keep` out, or give the sink that method: RunSink says what it does',
    );
}

/** The epochs that are left, and the test at the end. */
async function runToItsEnd(begun: Begun, open: (phase: OpenPhase) => void): Promise<Run> {
  const { network, settings, position, sink, pipeline, badImages } = begun.run;
  const params = countParams(network.graph);
  announce(begun.run, begun, { params, step: position.step });
  await expectEqualState(begun.run, 'look whether the file of --weights is the same on every machine');
  const { run, epochs, stopped, peakBytes: before } = await runPhases(begun.run, open);
  const { closed, plan } =
    stopped === 'interrupted'
      ? { closed: undefined, plan: await run.executable.plan() }
      : await close(run, epochs.length > 0);
  const { engine, precision, threads, peakBytes } = plan;
  const cache = await pipeline.folderUse();
  return {
    folder: sink.name,
    stopped: closed ? stopped : 'interrupted',
    epochs,
    best: position.best,
    ...(closed ?? { test: undefined, report: undefined }),
    badImages: badImages.all,
    ...(begun.transfer && { transfer: begun.transfer }),
    ...(begun.rates && { rates: begun.rates }),
    waiting: paceOf(epochsOnImages(settings, epochs), settings.splits.train.length).waiting,
    pipeline: settings.splits.train.images && pipeline.means,
    steps: stepFacts(settings, epochsOnImages(settings, epochs)),
    params,
    engine,
    precision,
    threads,
    peakBytes: Math.max(before, peakBytes),
    ...(settings.ranks && { ranks: placeOf(settings.ranks.ranks) }),
    ...(cache && { cache }),
  };
}

const placeOf = ({ size, library, host }: Ranks) => ({ size, library, host });

function announce(
  { settings, recipe, sink, callbacks, pipeline }: PreparedRun,
  { plan, startingHead }: Omit<Begun, 'run' | 'rates'>,
  at: { readonly params: number; readonly step: number },
): void {
  const { engine, precision, threads } = plan;
  const { engineReason, splits, image, batchSize, batchReason, heldOut, startingPreprocessing, onBadImage } = settings;
  const { train, validation, problems = [] } = splits;
  const changes = settings.changes && changesText(settings.changes);
  const always = frozenThroughout(settings);
  const started: StartEvent = {
    params: at.params,
    classes: train.classes.length,
    image,
    isScaled: train.sizes !== undefined,
    isCut: !trainsOnFeatures(settings) && cropAt(settings.augment) !== undefined,
    cache: settings.cache,
    workers: pipeline.means.workers,
    onBadImage,
    validation: { images: validation.length, ...(heldOut && { heldOut }) },
    batchSize,
    ...(batchReason !== undefined && { batchReason }),
    recipe: recipeRows(recipe, settings),
    problems,
    ...(changes !== undefined && { changes }),
    engine,
    precision,
    threads,
    folder: sink.name,
    samples: splits.train.length,
    step: at.step,
    ...(engineReason !== undefined && { engineReason }),
    ...(startingHead && { startingHead }),
    ...(startingHead?.fate === 'renewed' && { renewedHead: startingHead.path }),
    ...(startingPreprocessing && { startingPreprocessing }),
    ...(always.length > 0 && { frozen: always }),
    ...(settings.ranks && { ranks: placeOf(settings.ranks.ranks) }),
  };
  for (const { onStart } of callbacks) onStart?.(started);
}
