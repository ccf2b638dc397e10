/** What a run goes by: every choice that a user made or left open, and the data. */
import type { Recompute } from '../autodiff/index.ts';
import type {
  Augmentation,
  DataChanges,
  DataSource,
  Draws,
  HoldOut,
  Layout,
  Scaling,
  Splits,
  TableReading,
} from '../data/index.ts';
import type { Engine, Precision } from '../engines/index.ts';
import type { Average, ImageSize, Network, Objective, Optimiser } from '../nn/index.ts';
import type { Schedule } from '../schedules/index.ts';
import type { NamedWeights } from '../trained/index.ts';
import type { ClassBalance } from './class-balance.ts';
import type { FineTuning, Phase } from './fine-tuning/fine-tuning.ts';
import type { RunRanks } from './ranks/run-ranks.ts';
import type { DataRecord } from './run-data.ts';
import type { PreprocessingChoice, StartingPreprocessing } from './starting-preprocessing.ts';

/** `TrainOptions` with nothing left open. */
export interface Settings extends ClassBalance {
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
  /** Of all phases. */
  readonly epochs: number;
  /** Without those of a head that trains before: as they were asked for. */
  readonly ownEpochs: number;
  /** The time that the run may take, from its beginning to its report. */
  readonly maxMinutes: number | undefined;
  /** Of `ownEpochs`, where the last one is cut short; undefined also where `maxMinutes` has not become steps yet. */
  readonly maxSteps: number | undefined;
  /** As they were asked for, where `maxMinutes` has not become steps yet. */
  readonly epochLimit: number | undefined;
  readonly fineTune: FineTuning | undefined;
  /** One, unless the run fine-tunes. */
  readonly phases: readonly Phase[];
  /** Of all ranks together. */
  readonly batchSize: number;
  /** Undefined where one process trains alone. */
  readonly ranks: RunRanks | undefined;
  /** Whether batch norm takes the statistics of the whole batch, however many ranks share it out. */
  readonly syncBatchNorm: boolean;
  /** Why it is no larger, where it was to fit. */
  readonly batchReason: string | undefined;
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
  /** Whether its rate is to be looked for. */
  readonly findLr: boolean;
  readonly loss: Objective;
  readonly softLabels: boolean;
  /** Epochs that may be no better than the best one before the run ends. */
  readonly patience: number | undefined;
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
  /** Undefined where nobody said: `ranks/machine-share.ts` has what a rank takes then. */
  readonly threads: number | undefined;
  /** Bytes of memory for decoded images, a folder for them, or 'off'. */
  readonly cache: number | string;
  /** Undefined where nobody said. */
  readonly workers: number | undefined;
  readonly onBadImage: 'stop' | 'skip';
  readonly draws: Draws;
  /** Undefined where nobody said. */
  readonly saveMinutes: number | undefined;
  /** Checkpoints of single epochs that stay. */
  readonly keep: number;
}

/** Steps of a whole epoch: the last may have fewer samples. */
export const stepsPerEpoch = ({
  splits,
  batchSize,
  accumulate,
}: Pick<Settings, 'splits' | 'batchSize' | 'accumulate'>): number =>
  Math.ceil(splits.train.length / (batchSize * accumulate));

/** Steps that are done when `epochs` are complete, the last of which may be cut short. */
export function stepsAfter(settings: Settings, epochs: number): number {
  const { maxSteps, ownEpochs } = settings;
  const each = stepsPerEpoch(settings);
  if (maxSteps === undefined) return epochs * each;
  return Math.min(epochs * each, (settings.epochs - ownEpochs) * each + maxSteps);
}
