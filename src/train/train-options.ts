/** What a user may ask of a run. */
import type { Recompute } from '../autodiff/index.ts';
import type { Augmentation, DataSource, Fold, Layout, Splits, TableReading } from '../data/index.ts';
import type { Engine, Precision } from '../engines/index.ts';
import type { Average, Network, Objective, Optimiser } from '../nn/index.ts';
import type { Schedule } from '../schedules/index.ts';
import type { ClassWeights, Sampling } from './class-balance.ts';
import type { Callback } from './events.ts';
import type { FineTuning } from './fine-tuning/fine-tuning.ts';
import type { OpenSchedule } from './open-schedule.ts';
import type { RunSink } from './run-sink.ts';
import type { PreprocessingChoice } from './starting-preprocessing.ts';

export interface TrainOptions extends TableReading {
  /** A network, or a name from `skein models`. */
  readonly model: Network | string;
  /** Splits from a reader, or what `loadData` understands: a name, a folder, a file; or several of these. */
  readonly data: Splits | DataSource;
  /** Applied to training samples in this order; default `augmentationSet('standard')` for image files, else none. */
  readonly augment?: readonly Augmentation[];
  /** Default 30; where a run fine-tunes, 10, besides those of the head alone. */
  readonly epochs?: number;
  /**
   * The most minutes that the whole run may take, with validation, test and report. After a short trial, which leaves no trace, the number of steps that fit
   * is fixed once, and the schedule spans them; the last epoch may be cut short. `epochs`, where given, is then an upper bound. Default: no limit.
   */
  readonly maxMinutes?: number;
  /** The most steps, besides those of a head that trains before: what a run with `maxMinutes` records, and a run with both goes by. Default: no limit. */
  readonly maxSteps?: number;
  /**
   * 'auto': a power of two up to 256 that half of the free memory has room for and that leaves an epoch 16 steps, recorded as a number.
   * Default 128; where that leaves an epoch fewer than twenty steps, half of it and so on down to 16.
   */
  readonly batchSize?: number | 'auto';
  /** Batches whose gradients add up before each step, as of one larger batch but for batch norms, which see each alone; default 1. */
  readonly accumulate?: number;
  /** Default `sgd()`: momentum 0.9, weight decay 1e-4. */
  readonly optimiser?: Optimiser;
  /**
   * A schedule, or the highest learning rate of a cosine, which warms up for 5 epochs or a tenth of the run, whichever is less. Default 0.1, for
   * batches of fewer than 128 images in proportion; with `adamw` 0.001.
   */
  readonly lr?: Schedule | OpenSchedule | number;
  /**
   * Looks for the learning rate first, in up to 100 steps that leave no trace, and trains with what it found in place of the schedule's `lr`; the
   * run records the rate. Default false.
   */
  readonly findLr?: boolean;
  /**
   * The weights that training starts from: 'imagenet', or 'imagenet:a1_in1k', for those that were published for the model; a file, which is
   * a checkpoint or what `importWeights` reads; or an address that `fetchWeights` takes. Default, and 'none': random ones.
   */
  readonly weights?: string;
  /** How the run goes from `weights` that know other images to the data's; default: all layers train from the first step. */
  readonly fineTune?: FineTuning;
  /** Keep the head of `weights` by position, whatever the classes are called; default false: only where the names agree. */
  readonly classesByPosition?: boolean;
  /** Whose mean and std, and scaling of images from a folder, the run takes; default 'weights', where they say it. */
  readonly preprocessing?: PreprocessingChoice;
  /** What training makes small; default `crossEntropy()`. */
  readonly loss?: Objective;
  /**
   * How much images count in the loss, by their classes: 'balanced', as much for each class together, or a weight for some classes by their names. Default:
   * all the same. Where classes are mixed or smoothed, an image counts by its shares, or by its label.
   */
  readonly classWeights?: ClassWeights;
  /** How an epoch is drawn; 'balanced': each class equally often, in as many samples as before. Default 'shuffled'. */
  readonly sampling?: Sampling;
  /** Ends the run when the validation accuracy has not risen for so many epochs; default: it goes to its end. */
  readonly patience?: number;
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
  /** Which fold of the training samples picks the best epoch, in place of a share of them: `crossValidate` trains one after the other. */
  readonly fold?: Fold;
  /** Default 0. */
  readonly seed?: number;
  /** Default 'auto': oneDNN where the system has it, else ONNX Runtime. */
  readonly engine?: Engine | string;
  /** Of the test at the end; default: `engine` where that names one, else what 'auto' takes for predictions. */
  readonly testEngine?: Engine | string;
  /** In what convolutions and the maps between them are computed; 'bf16' needs an engine and a processor that have it. Default 'float32'. */
  readonly precision?: Precision;
  /** Default: all cores; of a rank, its part of them. */
  readonly threads?: number;
  /**
   * Where a launcher such as mpirun started several processes for this run: whether batch norm takes the statistics of all ranks' images, so that they
   * are equal to one process; default false: each rank's own, as the running statistics' mean. A run that goes on has what it recorded.
   */
  readonly syncBatchNorm?: boolean;
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
  /** Minutes after which the run is saved also within an epoch, between two steps; 0.5 is possible. Changes no number. Default 10. */
  readonly saveMinutes?: number;
  /** Checkpoints of single epochs that stay besides the last and the best one: those of so many newest epochs. Default 0. */
  readonly keep?: number;
  /** Goes on although the data has changed since: what is new trains, what is missing is left out. Default false: that is refused. */
  readonly changedData?: boolean;
}

/** What may become of images that cannot be read. */
export const badImageChoices = ['stop', 'skip'] as const;
