/** From what a user gives to everything that a run needs, with the defaults filled in and the mistakes found. */
import { type Recompute, recomputeChoices } from '../autodiff/index.ts';
import type { Preprocessing } from '../checkpoint/index.ts';
import {
  type Augmentation,
  type DataChanges,
  type DataReading,
  type DataSource,
  type Draws,
  type HoldOut,
  isDataSource,
  type Layout,
  layouts,
  type Scaling,
  type Splits,
  type TableReading,
  tableReading,
} from '../data/index.ts';
import { chooseEngine, type Engine, type Precision, precisions } from '../engines/index.ts';
import { findModel } from '../models/index.ts';
import type { Average, ImageSize, Network, Objective, Optimiser } from '../nn/index.ts';
import { expectUsableFolder, mostWorkers, usualCacheBytes } from '../pipeline/index.ts';
import type { Schedule } from '../schedules/index.ts';
import { ConfigError } from '../tensor/index.ts';
import type { NamedWeights } from '../trained/index.ts';
import { expectOneMix, readAugmentations, usualAugmentations } from './augmentation-sets.ts';
import type { Callback } from './events.ts';
import { expectSizeKept, imageSizeOf } from './image-sizes.ts';
import { objectives, optimisers, schedules } from './kinds.ts';
import { type BeforeData, type DataRecord, runData } from './run-data.ts';
import type { RunSink } from './run-sink.ts';
import { startingFile } from './starting-file.ts';
import {
  changedPreprocessing,
  knownPreprocessing,
  type PreprocessingChoice,
  type StartingPreprocessing,
  scalingFor,
} from './starting-preprocessing.ts';

export interface TrainOptions extends TableReading {
  /** A network, or a name from `skein models`. */
  readonly model: Network | string;
  /** Splits from a reader, or what `loadData` understands: a name, a folder, a file; or several of these. */
  readonly data: Splits | DataSource;
  /** Applied to training samples in this order; default `augmentationSet('standard')` for image files, else none. */
  readonly augment?: readonly Augmentation[];
  /** Default 30. */
  readonly epochs?: number;
  /** Default 128, or less where there are fewer training samples. */
  readonly batchSize?: number;
  /** Batches whose gradients add up before each step, as of one larger batch but for batch norms, which see each alone; default 1. */
  readonly accumulate?: number;
  /** Default `sgd()`: momentum 0.9, weight decay 1e-4. */
  readonly optimiser?: Optimiser;
  /** A schedule, or the first learning rate of a cosine; default 0.1, with `adamw` 0.001. */
  readonly lr?: Schedule | number;
  /**
   * The weights that training starts from: 'imagenet', or 'imagenet:a1_in1k', for those that were published for the model; a file, which is
   * a checkpoint or what `importWeights` reads; or an address that `fetchWeights` takes. Default, and 'none': random ones.
   */
  readonly weights?: string;
  /** Keep the head of `weights` by position, whatever the classes are called; default false: only where the names agree. */
  readonly classesByPosition?: boolean;
  /** Whose mean and std, and scaling of images from a folder, the run takes; default 'weights', where they say it. */
  readonly preprocessing?: PreprocessingChoice;
  /** What training makes small; default `crossEntropy()`. */
  readonly loss?: Objective;
  /** The most that the norm of all gradients together may be; default: no limit. */
  readonly clipNorm?: number;
  /** Layers that keep their weights, by their paths, such as `['stem', 'stage1']`; default: none. Their batch norms use the running statistics. */
  readonly freeze?: readonly string[];
  /** An average of the weights, which is evaluated, kept and used in their place; default: none. */
  readonly average?: Average;
  /** What the backward pass computes again instead of keeping it: the same results in less memory, a little slower. Default 'none'. */
  readonly recompute?: Recompute;
  /** Share of the training samples that picks the best epoch, where the data has no validation split; default 0.1. */
  readonly validationFraction?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Default 'auto': oneDNN where the system has it, else ONNX Runtime. */
  readonly engine?: Engine | string;
  /** Of the test at the end; default: `engine` where that names one, else what 'auto' takes for predictions. */
  readonly testEngine?: Engine | string;
  /** In what convolutions and the maps between them are computed; 'bf16' needs an engine and a processor that have it. Default 'float32'. */
  readonly precision?: Precision;
  /** Default: all cores. */
  readonly threads?: number;
  /** The run folder, or another sink for the results, such as `memorySink()`; default `runs/MODEL-N` with the first free N. */
  readonly out?: string | RunSink;
  /** Go on with the run in `out`, which was started with these same options. */
  readonly resume?: boolean;
  readonly callbacks?: readonly Callback[];
  /** Ends the run after the step under way, saved so that it can be resumed. */
  readonly signal?: AbortSignal;
  /** Height and width of images from an image folder; default: the network's own. */
  readonly imageSize?: number;
  /** What the folders of an image folder are; default 'auto': told by their names. */
  readonly layout?: Layout;
  /** Threads that decode and augment images from files; 0: none besides the caller's. Changes no number. Default: by the machine's cores. */
  readonly workers?: number;
  /**
   * Where decoded images are kept for the next epoch: a number of bytes of memory; a folder of its own, which other runs use too and which may be
   * deleted; or 'off'. Changes no number. Default: a quarter of the memory that is free, at most 4 GiB.
   */
  readonly cache?: number | string;
  /** What becomes of an image that cannot be read: the run stops, or it is passed over, and another of its batch trains twice. Default 'stop'. */
  readonly onBadImage?: 'stop' | 'skip';
  /** Goes on although the data has changed since: what is new trains, what is missing is left out. Default false: that is refused. */
  readonly changedData?: boolean;
}

/** What may become of images that cannot be read. */
export const badImageChoices = ['stop', 'skip'] as const;

/** `TrainOptions` with nothing left open. */
export interface Settings {
  readonly network: Network;
  /** What the data is found again by, or what it is called where it was made in code. */
  readonly dataName: DataSource;
  /** How the validation images were chosen; undefined where the data brought them. */
  readonly heldOut: HoldOut | undefined;
  /** What the run keeps of its data; undefined where an earlier version began it, which kept nothing. */
  readonly dataRecord: DataRecord | undefined;
  /** How colours became grey, where images have one channel. */
  readonly grey: 'luma' | 'light';
  /** How the data differs from what the run began with, where it was said to go on all the same. */
  readonly changes: DataChanges | undefined;
  readonly splits: Splits & Required<Pick<Splits, 'validation'>>;
  readonly image: ImageSize;
  readonly augment: readonly Augmentation[];
  readonly epochs: number;
  readonly batchSize: number;
  /** Undefined where they are random, or a run goes on. */
  readonly weights: NamedWeights | undefined;
  readonly classesByPosition: boolean;
  /** As it was asked for. */
  readonly preprocessing: PreprocessingChoice | undefined;
  /** How images from a folder come to their size, where that is not the usual way. */
  readonly scaling: Scaling;
  /** What of the preprocessing is the starting weights' and not the data's. */
  readonly startingPreprocessing: StartingPreprocessing | undefined;
  readonly optimiser: Optimiser;
  readonly schedule: Schedule;
  readonly loss: Objective;
  readonly softLabels: boolean;
  readonly clipNorm: number | undefined;
  readonly freeze: readonly string[];
  readonly average: Average | undefined;
  readonly accumulate: number;
  readonly recompute: Recompute;
  readonly validationFraction: number;
  readonly layout: Layout | undefined;
  /** How a table of images is read. */
  readonly table: TableReading;
  readonly seed: number;
  readonly engine: Engine;
  /** Why it was taken, where nobody named it. */
  readonly engineReason: string | undefined;
  /** `engine`, or another for the test at the end. */
  readonly testEngine: Engine;
  readonly precision: Precision;
  readonly threads: number | undefined;
  /** Bytes of memory for decoded images, a folder for them, or 'off'. */
  readonly cache: number | string;
  /** Undefined where nobody said. */
  readonly workers: number | undefined;
  readonly onBadImage: 'stop' | 'skip';
  readonly draws: Draws;
}

/** Steps of an epoch: the last may have fewer samples. */
export const stepsPerEpoch = ({ splits, batchSize, accumulate }: Settings): number =>
  Math.ceil(splits.train.length / (batchSize * accumulate));

/** What a run that is gone on with left. */
export interface Before {
  readonly data: BeforeData;
  readonly preprocessing: Preprocessing;
  readonly draws: Draws;
  /** As it was recorded. */
  readonly augment: readonly unknown[];
}

/**
 * @param before of the run to go on with
 * @throws ConfigError or DataError for options that cannot work
 */
export async function settle(options: TrainOptions, before?: Before): Promise<Settings> {
  const {
    epochs = 30,
    seed = 0,
    validationFraction = 0.1,
    lr,
    accumulate = 1,
    clipNorm,
    recompute = 'none',
    precision = 'float32',
    onBadImage = 'stop',
  } = options;
  expectMade(options);
  requireWhole('epochs', epochs, 1);
  requireWhole('seed', seed, 0);
  requireWhole('accumulate', accumulate, 1);
  if (options.batchSize !== undefined) requireWhole('batchSize', options.batchSize, 1);
  if (options.imageSize !== undefined) requireWhole('imageSize', options.imageSize, 1);
  if (options.threads !== undefined) requireWhole('threads', options.threads, 1);
  if (options.workers !== undefined) requireWhole('workers', options.workers, 0);
  if (typeof options.cache === 'number' && !(options.cache >= 0 && options.cache < Number.POSITIVE_INFINITY))
    throw new ConfigError(
      `train: \`cache\` must be a number of bytes, a folder or 'off', but is ${options.cache}`,
      '4e9 keeps up to 4 GB of decoded images in memory',
    );
  if (!(validationFraction > 0 && validationFraction < 1))
    throw new ConfigError(
      `train: \`validationFraction\` must be between 0 and 1, both excluded, but is ${validationFraction}`,
      '0.1 holds out a tenth of the training images to pick the best epoch',
    );
  if (clipNorm !== undefined && !(clipNorm > 0 && clipNorm < Number.POSITIVE_INFINITY))
    throw new ConfigError(
      `train: \`clipNorm\` must be a number above 0, but is ${clipNorm}`,
      '1 to 5 are usual; leave it out, or --clip-norm none, for no limit',
    );
  if (!recomputeChoices.includes(recompute))
    throw new ConfigError(`train: \`recompute\` must be ${recomputeChoices.join(', ')}, but is ${recompute}`);
  if (options.layout !== undefined && !layouts.includes(options.layout))
    throw new ConfigError(`train: \`layout\` must be ${layouts.join(', ')}, but is ${options.layout}`);
  if (!badImageChoices.includes(onBadImage))
    throw new ConfigError(`train: \`onBadImage\` must be ${badImageChoices.join(' or ')}, but is ${onBadImage}`);
  if (!precisions.includes(precision))
    throw new ConfigError(`train: \`precision\` must be ${precisions.join(' or ')}, but is ${precision}`);
  const { optimiser = optimisers.makeDefault() } = options;
  const rate = lr ?? optimiser.usualRate;
  const schedule = typeof rate === 'object' ? rate : schedules.makeDefault(rate === undefined ? {} : { lr: rate });
  const network = typeof options.model === 'string' ? findModel(options.model) : options.model;
  const weights = before ? undefined : await startingFile(options.weights, network, options.signal);
  const engines = await enginesOf(options, precision);
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
  const data = await runData(options, network, { fraction: validationFraction, seed }, reading, before?.data);
  const image = await imageSizeOf(data.splits, options.imageSize, onBadImage);
  const normalisation =
    known?.mean.length === image.channels ? { mean: known.mean, std: known.std } : data.splits.normalisation;
  const splits = { ...data.splits, normalisation };
  const batchSize = options.batchSize ?? Math.min(128, splits.train.length);
  if (batchSize > splits.train.length)
    throw new ConfigError(
      `train: \`batchSize\` ${batchSize} is larger than the ${splits.train.length} training samples of ${splits.train.name}`,
      `use ${splits.train.length} or less`,
    );
  const { cache = usualCacheBytes() } = options;
  if (typeof cache === 'string' && cache !== 'off') await expectUsableFolder(cache, sourcesOf(splits));
  const augment =
    options.augment ?? (before ? readAugmentations('train', before.augment) : usualAugmentations(splits.train));
  expectOneMix(augment);
  await expectSizeKept(splits, image, augment, seed, onBadImage);
  return {
    network,
    ...data,
    splits,
    image,
    grey,
    augment,
    epochs,
    batchSize,
    weights,
    classesByPosition: options.classesByPosition ?? false,
    preprocessing: options.preprocessing,
    scaling,
    startingPreprocessing: options.resume ? undefined : changedPreprocessing(splits, scaling, data.splits),
    optimiser,
    schedule,
    loss: options.loss ?? objectives.makeDefault(),
    softLabels: splits.train.softLabels === true || augment.some(({ mix }) => mix !== undefined),
    clipNorm,
    freeze: options.freeze ?? [],
    average: options.average,
    accumulate,
    recompute,
    validationFraction,
    layout,
    table,
    seed,
    ...engines,
    precision,
    threads: options.threads,
    workers: options.workers,
    cache,
    onBadImage,
    draws: before?.draws ?? 'each',
  };
}

/** Where the data lies. */
const sourcesOf = ({ train, validation, test }: Splits): string[] => [
  ...new Set([train, validation, test].flatMap((split) => split?.source ?? [])),
];

/** @throws ConfigError where a part is given without its options: `flip` for `flip()` */
function expectMade({ augment = [], optimiser, loss, average, lr }: TrainOptions): void {
  for (const [key, part] of Object.entries({ augment, optimiser, loss, average, lr }))
    for (const item of [part].flat() as unknown[])
      if (typeof item === 'function')
        throw new ConfigError(`train: \`${key}\` holds the function ${item.name}`, `call it: ${item.name}()`);
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

/** More threads than any machine has cores only wait for each other. */
const most: Readonly<Record<string, number>> = { threads: 1024, workers: mostWorkers, imageSize: 4096 };

function requireWhole(name: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least))
    throw new ConfigError(
      `train: \`${name}\` must be a whole number of at least ${least}, but is ${value}`,
      'whole numbers are exact up to 9007199254740991',
    );
  const limit = most[name];
  if (limit !== undefined && value > limit)
    throw new ConfigError(
      `train: \`${name}\` must be at most ${limit}, but is ${value}`,
      'leave it out for the default',
    );
}
