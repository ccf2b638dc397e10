/** The process of one run: trains what its owner asks for, tells how it goes, and ends with its owner. */
import { join } from 'node:path';
import { waitForFolder } from '../files/index.ts';
import { SkeinError } from '../tensor/index.ts';
import {
  type Callback,
  measurementsIn,
  networkOf,
  optionsFromConfig,
  optionsFromRecord,
  type TrainOptions,
  train,
} from '../train/index.ts';
import type { RunMessage, RunRequest, RunTask } from './run-messages.ts';
import { outcomeOf } from './run-outcome.ts';

/** Steps may be shorter than anybody reads. */
const tellEverySeconds = 0.2;
/** That an owner's death may leave the process of the run that it had under way. */
const waitSeconds = 20;

const stop = new AbortController();
const tell = (message: RunMessage): Promise<void> =>
  new Promise((resolve) => (process.send ? process.send(message, () => resolve()) : resolve()));

process.on('disconnect', () => process.exit(1));
process.on('message', async (request: RunRequest) => {
  if (!('task' in request)) return stop.abort();
  await tell(await run(request.task).catch(failure));
  process.exit(0);
});

async function run(task: RunTask): Promise<RunMessage> {
  const { folder, resume, seed, maxMinutes, module } = task;
  const known = module === undefined ? {} : { model: await networkOf(module) };
  await waitForFolder(folder, waitSeconds);
  // what was begun goes by its own record, which has the steps that its minutes became
  const options: TrainOptions = resume
    ? await optionsFromConfig(join(folder, 'config.yaml'), known)
    : {
        ...(await optionsFromRecord(folder, task.config, known)),
        seed,
        ...(maxMinutes !== undefined && { maxMinutes }),
      };
  const run = await train({ ...options, out: folder, resume, signal: stop.signal, callbacks: [callback()] });
  if (run.stopped === 'interrupted') return { kind: 'interrupted', peakBytes: run.peakBytes };
  const { samples, batchSize, accumulate = 1 } = task.config as Readonly<Record<string, number>>;
  const sizes = { samples: samples ?? 0, samplesPerStep: (batchSize ?? 0) * accumulate };
  const processBytes = process.resourceUsage().maxRSS * 1024;
  return { kind: 'done', outcome: outcomeOf(run, await measurementsIn(folder), sizes, processBytes) };
}

function callback(): Callback {
  let last = 0;
  return {
    onNote: (text) => void tell({ kind: 'note', text }),
    onLength: (event) => void tell({ kind: 'length', event }),
    onStep: (event) => {
      const now = performance.now();
      if (now - last < tellEverySeconds * 1000) return;
      last = now;
      void tell({ kind: 'step', event });
    },
    onEpoch: (event) => void tell({ kind: 'epoch', event }),
  };
}

function failure(error: unknown): RunMessage {
  // before the first step nothing is saved
  if (stop.signal.aborted && error === stop.signal.reason) return { kind: 'interrupted', peakBytes: 0 };
  const { message } = error instanceof Error ? error : new Error(String(error));
  const hint = error instanceof SkeinError ? error.hint : 'this is not an error that Skein expects';
  return { kind: 'failed', failure: { message, ...(hint !== undefined && { hint }) } };
}
