/** The flags of `skein train`, and the options of `train` that they stand for. */
import { type Command, Option } from 'commander';
import type { Recompute } from '../autodiff/index.ts';
import { flip, padCrop } from '../data/index.ts';
import type { Precision } from '../engines/index.ts';
import { type SgdOptions, sgd } from '../nn/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { cosine, oneCycle, type Schedule, step, type TrainOptions } from '../train/index.ts';
import {
  engineChoices,
  numberValue,
  positiveValue,
  precisionOption,
  recomputeOption,
  wholeValue,
} from './flag-values.ts';
import { addOptionFlag, type NetworkOptions } from './network-options.ts';

export interface TrainFlags {
  readonly data?: string;
  readonly weights?: string;
  readonly epochs?: number;
  readonly batchSize?: number;
  readonly lr?: number;
  readonly schedule?: ScheduleName;
  readonly warmupEpochs?: number;
  readonly momentum?: number;
  readonly nesterov?: boolean;
  readonly weightDecay?: number;
  /** False where --no-decay-on-norm was given. */
  readonly decayOnNorm: boolean;
  readonly labelSmoothing?: number;
  readonly recompute?: Recompute;
  readonly augment?: string;
  readonly imageSize?: number;
  readonly valFraction?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly engine?: string;
  readonly precision?: Precision;
  readonly out?: string;
  readonly resume?: string;
  readonly option?: NetworkOptions;
  readonly config?: string;
  readonly json?: boolean;
}

type ScheduleName = 'cosine' | 'step' | 'one-cycle';
const scheduleNames: readonly ScheduleName[] = ['cosine', 'step', 'one-cycle'];

/** Adds them in the order in which help shows them. */
export function addTrainFlags(command: Command): Command {
  return addOptionFlag(command)
    .option('--data <data>', 'a name such as cifar10, a folder with one subfolder per class, or an idx file')
    .option('--weights <weights>', 'start from a file, a URL or hf:OWNER/NAME instead of from random weights')
    .option('--epochs <n>', 'passes over the training images (30)', positiveValue)
    .option('-b, --batch-size <n>', 'images per step (128)', positiveValue)
    .option('--lr <rate>', 'the highest learning rate (0.1)', numberValue)
    .addOption(new Option('--schedule <name>', 'how the rate falls (cosine)').choices(scheduleNames))
    .option('--warmup-epochs <n>', 'epochs in which the rate rises to --lr (0)', numberValue)
    .option('--momentum <m>', 'of SGD (0.9)', numberValue)
    .option('--nesterov', 'Nesterov momentum')
    .option('--wd, --weight-decay <d>', 'times the weights, added to their gradients (1e-4)', numberValue)
    .option('--no-decay-on-norm', 'no weight decay for batch norms and biases')
    .option('--label-smoothing <s>', 'share of the target spread over all classes (0)', numberValue)
    .addOption(recomputeOption())
    .option('--augment <list>', 'crop (pad 4 pixels), flip, or none; for example crop,flip (none)')
    .option('--image-size <pixels>', 'height and width of images from a folder (the network’s own)', positiveValue)
    .option(
      '--val-fraction <f>',
      'held out to pick the best epoch, where the data has no such split (0.1)',
      numberValue,
    )
    .option('--seed <n>', 'of everything random (0)', wholeValue)
    .option('--threads <n>', 'of the engine (all cores)', positiveValue)
    .option('--engine <name>', engineChoices)
    .addOption(precisionOption())
    .option('--out <folder>', 'the run folder (runs/MODEL-N)')
    .addOption(
      new Option('--resume <run>', 'go on with a run folder as if it had never stopped').conflicts(['out', 'config']),
    )
    .option('--config <file>', 'start with the settings of a config.yaml; other flags override it')
    .option('--json', 'print the result as JSON, and progress to standard error');
}

/** What flags stand for, over the settings of `base`. @throws ConfigError */
export function withFlags(base: TrainOptions, flags: TrainFlags): TrainOptions {
  const { epochs, batchSize, labelSmoothing, recompute, imageSize, valFraction, seed, out, augment } = flags;
  const { threads, engine, precision } = flags;
  const { testEngine, ...rest } = base;
  const options: TrainOptions = {
    ...rest,
    ...(epochs !== undefined && { epochs }),
    ...(batchSize !== undefined && { batchSize }),
    ...(labelSmoothing !== undefined && { labelSmoothing }),
    ...(recompute !== undefined && { recompute }),
    ...(imageSize !== undefined && { imageSize }),
    ...(valFraction !== undefined && { validationFraction: valFraction }),
    ...(seed !== undefined && { seed }),
    ...(threads !== undefined && { threads }),
    // who names an engine means it for the test too
    ...(engine !== undefined ? { engine } : testEngine !== undefined && { testEngine }),
    ...(precision !== undefined && { precision }),
    ...(out !== undefined && { out }),
    ...(augment !== undefined && { augment: augmentations(augment) }),
  };
  return { ...options, ...optimiserOf(base, flags), ...scheduleOf(options, flags) };
}

function optimiserOf(base: TrainOptions, flags: TrainFlags): Pick<TrainOptions, 'optimiser'> {
  const { momentum, nesterov, weightDecay, decayOnNorm } = flags;
  const given: SgdOptions = {
    ...(momentum !== undefined && { momentum }),
    ...(nesterov !== undefined && { nesterov }),
    ...(weightDecay !== undefined && { weightDecay }),
    ...(!decayOnNorm && { decay: 'weights' }),
  };
  return Object.keys(given).length === 0 ? {} : { optimiser: sgd({ ...base.optimiser?.options, ...given }) };
}

/** A new schedule where one of its flags is given. */
function scheduleOf(options: TrainOptions, flags: TrainFlags): Pick<TrainOptions, 'lr'> {
  const { lr, schedule, warmupEpochs } = flags;
  if (lr === undefined && schedule === undefined && warmupEpochs === undefined) return {};
  const before = typeof options.lr === 'object' ? options.lr : undefined;
  const recorded = (before?.options ?? {}) as { lr?: number; warmup?: number; milestones?: number[] };
  const rate = lr ?? recorded.lr ?? 0.1;
  const { epochs = 30 } = options;
  if (warmupEpochs !== undefined && !(warmupEpochs >= 0 && warmupEpochs < epochs))
    throw new ConfigError(
      `--warmup-epochs: expected at least 0 and fewer than the ${epochs} epochs of the run, but got ${warmupEpochs}`,
      'some epochs are left for the rate to fall; 0.5 is possible',
    );
  const warmup = warmupEpochs === undefined ? (recorded.warmup ?? 0) : warmupEpochs / epochs;
  const name =
    schedule ?? scheduleNames.find((known) => before && known.replace('-c', 'C') === before.name) ?? 'cosine';
  return { lr: makeSchedule(name, { lr: rate, warmup }, recorded.milestones) };
}

/** Milestones as both papers' CIFAR recipes have them. */
function makeSchedule(
  name: ScheduleName,
  common: { readonly lr: number; readonly warmup: number },
  milestones: readonly number[] = [0.5, 0.75],
): Schedule {
  if (name === 'step') return step({ ...common, milestones });
  return name === 'cosine' ? cosine(common) : oneCycle(common);
}

function augmentations(list: string): NonNullable<TrainOptions['augment']> {
  const names = list.split(',').map((name) => name.trim());
  if (names.length === 1 && names[0] === 'none') return [];
  return names.map((name) => {
    if (name === 'crop') return padCrop({ pad: 4 });
    if (name === 'flip') return flip();
    throw new ConfigError(`--augment: unknown \`${name}\``, 'use crop, flip, both as crop,flip, or none');
  });
}
