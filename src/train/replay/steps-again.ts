/** Steps of a run once more, from one of its checkpoints or from its start; nothing in its folder is written. */
import { join } from 'node:path';
import type { DataSource, Splits } from '../../data/index.ts';
import type { Engine, Precision } from '../../engines/index.ts';
import type { Network } from '../../nn/index.ts';
import { ConfigError } from '../../tensor/index.ts';
import type { Callback } from '../events.ts';
import { optionsFromConfig } from '../from-config.ts';
import type { RunUnderWay, Witness } from '../run.ts';
import { runPhases } from '../run-phases.ts';
import { isLengthOpen } from '../time-budget/index.ts';
import { again } from '../train.ts';
import type { TrainOptions } from '../train-options.ts';
import type { KeptPoint, RecordedRun } from './recorded-run.ts';
import { expectSameData } from './same-data.ts';
import { silentSink } from './silent-sink.ts';
import { type ChangedSurrounding, surroundingsOf } from './surroundings.ts';

/** Which run, and what may be otherwise than it recorded. Equal bytes are promised for the same engine, precision and threads alone. */
export interface StepsAgainOptions {
  /** Its folder. */
  readonly run: string;
  /** Where its network is none of Skein's. */
  readonly network?: Network;
  /** Where its data is now; default: where it was. */
  readonly data?: Splits | DataSource;
  /** Default: the run's; 'auto' takes the fastest here. */
  readonly engine?: Engine | string;
  readonly precision?: Precision;
  readonly threads?: number;
  /** Threads that decode and augment. Changes no number. */
  readonly workers?: number;
  /** Goes on although the data has changed since: equal numbers are then not to be expected. Default false: that is refused. */
  readonly changedData?: boolean;
  readonly signal?: AbortSignal;
  /** After each step that was taken again. */
  readonly onStep?: (done: number, total: number) => void;
}

/** What is known as soon as the engine runs. */
export interface BegunAgain {
  readonly run: RunUnderWay;
  /** What is not as the run recorded it. */
  readonly changed: readonly ChangedSurrounding[];
}

/** How far, and who hears of it. */
interface Way {
  readonly from: KeptPoint;
  readonly witness: Witness;
  readonly callbacks?: readonly Callback[];
  /** Ends the way after the step under way. */
  readonly end: AbortController;
  readonly onBegun: (begun: BegunAgain) => void;
}

/**
 * @throws what `train` with `resume` throws for the same run; DataError where its first step saw other images; the signal's reason where it
 *   comes before the end
 */
export async function stepsAgain(recorded: RecordedRun, options: StepsAgainOptions, way: Way): Promise<void> {
  const { from, witness, callbacks = [], end, onBegun } = way;
  const { signal: outer, changedData = false } = options;
  const signal = outer ? AbortSignal.any([outer, end.signal]) : end.signal;
  const isFromStart = from.path === undefined;
  const sink = silentSink(recorded, from.path ?? recorded.newest?.path);
  const hasCheckpoint = recorded.newest !== undefined;
  outer?.throwIfAborted();
  const asked = { ...(await optionsOf(recorded, options)), callbacks, signal };
  await again(asked, { sink, isFromStart, hasCheckpoint, witness }, async ({ run }, open) => {
    if (isLengthOpen(run))
      throw new ConfigError(
        `${recorded.folder}: expected a run whose minutes have become a number of steps, but it ended before that`,
        'there is nothing of it to take again',
      );
    const isSameData = await expectSameData(recorded, run, { isFromStart, changedData });
    onBegun({ run, changed: await surroundingsOf(recorded.config, run, isSameData) });
    await runPhases(run, open);
  });
  outer?.throwIfAborted();
}

/** The run's own, without what only decides when it ends and what it keeps. */
async function optionsOf(
  { folder }: RecordedRun,
  { network, data, engine, precision, threads, workers, changedData }: StepsAgainOptions,
): Promise<TrainOptions> {
  const known = { ...(network && { model: network }), ...(data !== undefined && { data }) };
  const recorded = await optionsFromConfig(join(folder, 'config.yaml'), known);
  // a folder for decoded images would be written to
  const { keep: _, saveMinutes: __, patience: ___, cache, testEngine: ____, ...rest } = recorded;
  return {
    ...rest,
    ...(typeof cache === 'number' && { cache }),
    ...(engine !== undefined && { engine }),
    ...(precision !== undefined && { precision }),
    ...(threads !== undefined && { threads }),
    ...(workers !== undefined && { workers }),
    ...(changedData && { changedData }),
  };
}
