/** From what a user gives to everything that a run needs, with the defaults filled in and the mistakes found. */
import type { Preprocessing } from '../checkpoint/index.ts';
import { type DataReading, type Draws, isDataSource, type Splits, tableReading } from '../data/index.ts';
import { chooseEngine, type Precision, type Ranks } from '../engines/index.ts';
import { findModel } from '../models/index.ts';
import { launched, rankThreads } from '../mpi/index.ts';
import { expectUsableFolder, usualCacheBytes } from '../pipeline/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { expectOneMix, readAugmentations, usualAugmentations } from './augmentation-sets.ts';
import { autoBatchSize } from './auto-batch-size.ts';
import { classBalanceOf } from './class-balance.ts';
import { expectPossible } from './expect-possible.ts';
import { expectSizeKept, imageSizeOf } from './image-sizes.ts';
import { objectives, optimisers, schedules } from './kinds.ts';
import { settledSchedule } from './open-schedule.ts';
import { phasesFor } from './phases-for.ts';
import { type BeforeData, runData } from './run-data.ts';
import { type Settings, stepsPerEpoch } from './settings.ts';
import { startingFile } from './starting-file.ts';
import { changedPreprocessing, knownPreprocessing, scalingFor } from './starting-preprocessing.ts';
import { type LengthBefore, lengthOf } from './time-budget/index.ts';
import type { TrainOptions } from './train-options.ts';
import { type StepFacts, stepsOfRecord, usualSteps } from './usual-steps.ts';

/** What a run that is gone on with left. */
export interface Before {
  readonly data: BeforeData;
  /** Whether its first step is meant, and not the one that follows the last: then it takes its starting weights once more. */
  readonly isFromStart?: boolean;
  readonly preprocessing: Preprocessing;
  readonly draws: Draws;
  /** As its checkpoint has it. */
  readonly recipe: unknown;
  /** Undefined where it had no limit of steps. */
  readonly length: LengthBefore | undefined;
  /** As it was recorded. */
  readonly batchSize: number | undefined;
  /** As it was recorded. */
  readonly schedule: unknown;
  /** As it was recorded. */
  readonly augment: readonly unknown[];
}

/**
 * @param before of the run to go on with
 * @param ranks that share each batch out
 * @throws ConfigError or DataError for options that cannot work
 */
export async function settle(options: TrainOptions, before?: Before, ranks?: Ranks): Promise<Settings> {
  const { fineTune } = options;
  const {
    seed = 0,
    validationFraction = 0.1,
    lr,
    accumulate = 1,
    clipNorm,
    recompute = 'none',
    precision = 'float32',
    onBadImage = 'stop',
  } = options;
  expectPossible(options);
  const { optimiser = optimisers.makeDefault(), syncBatchNorm = isSynced(before?.recipe) } = options;
  const engines = await enginesOf(options, precision);
  const network = typeof options.model === 'string' ? findModel(options.model) : options.model;
  const weights =
    before && !before.isFromStart ? undefined : await startingFile(options.weights, network, options.signal);
  const known = before ? before.preprocessing : await knownPreprocessing(weights, options.preprocessing);
  const side = options.imageSize ?? network.image?.height ?? 224;
  // what code made is scaled already
  const scaling = !isDataSource(options.data) && !before ? {} : scalingFor(known, before ? undefined : side);
  const grey = known?.grey ?? 'luma';
  const { layout } = options;
  const table = tableReading(options);
  const reading: DataReading = {
    size: side,
    ...(known?.channels === 1 && { channels: 1 }),
    grey,
    ...scaling,
    ...(layout && { layout }),
    ...table,
  };
  const { fold } = options;
  const holdOut = fold ? { fraction: 1 / fold.of, seed, fold } : { fraction: validationFraction, seed };
  const data = await runData(options, network, holdOut, reading, before?.data);
  const image = await imageSizeOf(data.splits, options.imageSize, onBadImage);
  const normalisation =
    known?.mean.length === image.channels ? { mean: known.mean, std: known.std } : data.splits.normalisation;
  const splits = { ...data.splits, normalisation };
  const { cache = usualCacheBytes(ranks && launched()?.onThisHost) } = options;
  if (typeof cache === 'string' && cache !== 'off') await expectUsableFolder(cache, sourcesOf(splits));
  const augment =
    options.augment ?? (before ? readAugmentations('train', before.augment) : usualAugmentations(splits.train));
  expectOneMix(augment);
  await expectSizeKept(splits, image, augment, seed, onBadImage);
  const freeze = options.freeze ?? [];
  const loss = options.loss ?? objectives.makeDefault();
  const softLabels = splits.train.softLabels === true || augment.some(({ mix }) => mix !== undefined);
  const samples = splits.train.length;
  const chosen =
    options.batchSize === 'auto' && !before?.batchSize
      ? autoBatchSize(
          { network, image, classes: splits.train.classes.length, optimiser, loss, softLabels, recompute },
          { samples, accumulate, memoryBytes: process.availableMemory() },
        )
      : undefined;
  const given = options.batchSize === 'auto' ? before?.batchSize : options.batchSize;
  const named = chosen?.batchSize ?? given;
  const facts = { samples, batchSize: named, accumulate, optimiser };
  // how many epochs fit into minutes depends on the batch, and the warm-up on the epochs
  const { batchSize } = usualFor(before, { ...facts, epochs: 1 });
  if (batchSize > splits.train.length)
    throw new ConfigError(
      `train: \`batchSize\` ${batchSize} is larger than the ${splits.train.length} training samples of ${splits.train.name}`,
      `use ${splits.train.length} or less`,
    );
  if (ranks && batchSize < ranks.size)
    throw new ConfigError(
      `train: expected a batch with an image for each of ${ranks.size} ranks, but \`batchSize\` is ${batchSize}`,
      'take a larger batch, or fewer ranks: the batch is what all ranks share out',
    );
  const length = lengthOf(options, stepsPerEpoch({ splits, batchSize, accumulate }), before?.length);
  const epochs = length.ownEpochs;
  const usual = usualFor(before, { ...facts, epochs });
  // the rate was found when the run began
  const schedule =
    options.findLr && before?.schedule ? schedules.read('train', before.schedule) : settledSchedule(lr, usual);
  const phases = phasesFor({ fineTune, network, image, train: splits.train, epochs, freeze });
  return {
    network,
    ...data,
    splits,
    image,
    grey,
    augment,
    epochs: phases.reduce((sum, phase) => sum + phase.epochs, 0),
    ...length,
    fineTune,
    phases,
    batchSize,
    batchReason: chosen?.reason,
    ranks: ranks && { ranks, syncBatchNorm },
    syncBatchNorm,
    weights,
    classesByPosition: options.classesByPosition ?? false,
    preprocessing: options.preprocessing,
    scaling,
    startingPreprocessing: options.resume ? undefined : changedPreprocessing(splits, scaling, data.splits),
    optimiser,
    schedule,
    findLr: options.findLr ?? false,
    loss,
    softLabels,
    ...(await classBalanceOf(options, splits.train, { softLabels, accumulate, ranks: ranks?.size ?? 1 })),
    patience: options.patience,
    clipNorm,
    freeze,
    average: options.average,
    accumulate,
    recompute,
    validationFraction,
    layout,
    table,
    seed,
    ...(await enginesInRanks(engines, options, ranks)),
    precision,
    threads: options.threads,
    workers: options.workers,
    cache,
    onBadImage,
    draws: before?.draws ?? 'each',
    saveMinutes: options.saveMinutes,
    keep: options.keep ?? 0,
  };
}

const usualFor = (before: Before | undefined, facts: StepFacts) =>
  before ? stepsOfRecord(before.recipe, facts) : usualSteps(facts);

const isSynced = (recipe: unknown): boolean =>
  (recipe as { readonly syncBatchNorm?: unknown } | undefined)?.syncBatchNorm === true;

/** Where the data lies. */
const sourcesOf = ({ train, validation, test }: Splits): string[] => [
  ...new Set([train, validation, test].flatMap((split) => split?.source ?? [])),
];

/** What trains is a rank; what only tests need not be. */
async function enginesInRanks<E extends Pick<Settings, 'engine' | 'testEngine'>>(
  engines: E,
  { precision = 'float32', threads = rankThreads() }: TrainOptions,
  ranks: Ranks | undefined,
): Promise<E> {
  if (!ranks) return engines;
  const { engine, testEngine } = engines;
  const joined = await engine.inRanks?.(ranks, { precision, threads });
  if (!joined) throw new ConfigError(`train: the engine ${engine.name} cannot train in ranks`, 'leave --engine out');
  return { ...engines, engine: joined, testEngine: testEngine === engine ? joined : testEngine };
}

/** A test is a prediction: where nobody named an engine, it may run on another than training. */
async function enginesOf(
  { engine = 'auto', testEngine }: TrainOptions,
  precision: Precision,
): Promise<Pick<Settings, 'engine' | 'engineReason' | 'testEngine'>> {
  const chosen = typeof engine === 'object' ? { engine } : await chooseEngine(engine, 'train', precision);
  const forTest = testEngine ?? (engine === 'auto' ? engine : chosen.engine);
  return {
    engine: chosen.engine,
    engineReason: 'reason' in chosen ? chosen.reason : undefined,
    testEngine: typeof forTest === 'object' ? forTest : (await chooseEngine(forTest, 'predict')).engine,
  };
}
