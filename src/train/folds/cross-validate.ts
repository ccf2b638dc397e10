/** Cross validation: a training for each fold of the training samples, which is then what picks its best epoch. */
import type { Network } from '../../nn/index.ts';
import { ConfigError } from '../../tensor/index.ts';
import type { Callback, EpochRecord } from '../events.ts';
import { freeFolder } from '../free-folder.ts';
import { expectAlone } from '../ranks/expect-alone.ts';
import type { RunSink } from '../run-sink.ts';
import { train } from '../train.ts';
import type { TrainOptions } from '../train-options.ts';
import type { CrossValidation, FoldResult, FoldScore } from './fold-result.ts';
import { accuracyOf } from './folds-accuracy.ts';
import { FoldsFolder } from './folds-folder.ts';
import { expectSameForFolds, type FirstSteps, firstStepsOf, withStepsOf } from './steps-of-folds.ts';

/** As of `train`, but for what each fold has of its own. */
export interface CrossValidationOptions
  extends Omit<TrainOptions, 'out' | 'fold' | 'callbacks' | 'validationFraction' | 'changedData'> {
  /** The folder that gets a run folder for each fold; or the sink of each fold; default `runs/MODEL-N` with the first free N. */
  readonly out?: string | ((fold: number) => RunSink);
  /** Of all trainings, or those of each; folds are counted from 1. */
  readonly callbacks?: readonly Callback[] | ((fold: number) => readonly Callback[]);
}

/**
 * Trains `folds` times, each time with another fold of the training samples held out in place of a validation split; the test split is touched by
 * none. Every class is spread evenly over the folds. The folder gets `fold-1` …, folds.json and folds.csv. With `resume`, folds that are done
 * are not trained again, and the one under way goes on. Batch size and learning rate that are left open are settled by the first fold for all.
 * @throws ConfigError, also where a class has fewer samples than there are folds, where the data brings validation images, and with `findLr`,
 * `maxMinutes` or `maxSteps`, which each fold would settle otherwise; what `train` throws
 */
export async function crossValidate(
  options: CrossValidationOptions,
  { folds }: { readonly folds: number },
): Promise<CrossValidation> {
  if (!(Number.isSafeInteger(folds) && folds >= 2))
    throw new ConfigError(
      `crossValidate: \`folds\` must be a whole number of at least 2, but is ${folds}`,
      '5 and 10 are usual',
    );
  expectSameForFolds(options);
  expectAlone('fold', 'train the folds one after the other in one process');
  const { out } = options;
  if (typeof out === 'function') return overFolds(options, folds, [], { sinkOf: out, folder: undefined });
  if (options.resume && out === undefined)
    throw new ConfigError('crossValidate: `resume` needs the folder of the folds', 'give it as `out`');
  const folder = await FoldsFolder.take(
    out ?? (await freeFolder(nameOf(options.model))),
    folds,
    options.resume ?? false,
  );
  try {
    const sinkOf = (fold: number) => folder.sinkOf(fold);
    const first = folder.results.length > 0 ? await folder.configOfFirst() : undefined;
    return await overFolds(options, folds, folder.results, {
      sinkOf,
      folder: folder.path,
      first: first === undefined ? undefined : firstStepsOf(first),
      keep: (results) => folder.keep(summary(folder.path, folds, results)),
    });
  } finally {
    await folder.leave();
  }
}

const nameOf = (model: Network | string): string => (typeof model === 'string' ? model : model.name);

interface Place {
  readonly folder: string | undefined;
  /** Where the first fold was done before. */
  readonly first?: FirstSteps | undefined;
  sinkOf(fold: number): RunSink;
  keep?(results: readonly FoldResult[]): Promise<void>;
}

async function overFolds(
  { callbacks = [], out: _, ...options }: CrossValidationOptions,
  folds: number,
  before: readonly FoldResult[],
  { folder, sinkOf, keep, ...place }: Place,
): Promise<CrossValidation> {
  const results = [...before];
  let { first } = place;
  for (let number = results.length + 1; number <= folds; number++) {
    if (options.signal?.aborted) return { ...summary(folder, folds, results), stopped: 'interrupted' };
    const sink = sinkOf(number);
    const resume = options.resume === true && (await isBegun(sink));
    const run = await train({
      // a fold under way goes by its own record
      ...(resume ? options : withStepsOf(first, options)),
      fold: { number, of: folds },
      out: sink,
      resume,
      callbacks: typeof callbacks === 'function' ? callbacks(number) : callbacks,
    });
    const { stopped } = run;
    if (stopped === 'interrupted') return { ...summary(folder, folds, results), stopped };
    first ??= firstStepsOf((await sink.load('last')).checkpoint.training?.config);
    results.push({ fold: number, folder: run.folder, stopped, ...(await scoresOf(sink)), test: run.test });
    await keep?.(results);
  }
  return summary(folder, folds, results);
}

const isBegun = (sink: RunSink): Promise<boolean> =>
  sink.load('last').then(
    () => true,
    () => false,
  );

/** Of the whole training, whatever calls it took. */
async function scoresOf(sink: RunSink): Promise<Pick<FoldResult, 'best' | 'last'>> {
  const { training } = (await sink.load('last')).checkpoint;
  const history = (training?.history ?? []) as readonly EpochRecord[];
  const scoreAt = (epoch: number): FoldScore => {
    const { loss, top1, correct, total } = (history[epoch - 1] as EpochRecord).validation;
    return { epoch, loss, top1, correct, total };
  };
  return { best: scoreAt(training?.best?.epoch ?? history.length), last: scoreAt(history.length) };
}

function summary(folder: string | undefined, folds: number, results: readonly FoldResult[]): CrossValidation {
  const isOver = results.length === folds;
  const of = (which: 'best' | 'last') => (isOver ? accuracyOf(results.map((result) => result[which])) : undefined);
  return { folder, folds, stopped: 'finished', results, best: of('best'), last: of('last') };
}
