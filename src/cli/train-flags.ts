/** The flags of `skein train`, and the options of `train` that they stand for. */
import { type Command, Option } from 'commander';
import type { Recompute } from '../autodiff/index.ts';
import type { Precision } from '../engines/index.ts';
import type { Schedule } from '../schedules/index.ts';
import { ConfigError } from '../tensor/index.ts';
import {
  augmentations,
  averages,
  type ClassWeights,
  fineTunings,
  layerList,
  type OpenSchedule,
  objectives,
  optimisers,
  type PreprocessingChoice,
  preprocessingChoices,
  readAugmentations,
  type Sampling,
  samplings,
  schedules,
  type TrainOptions,
  usualEpochs,
} from '../train/index.ts';
import { classWeightsValue, foldsValue, positiveOrNone } from './class-weights-value.ts';
import { addReadingFlags, dataOption, type ReadingFlags, readingOf } from './data-flags.ts';
import {
  aboveZeroValue,
  badImageOption,
  batchSizeValue,
  cacheValue,
  engineChoices,
  engineValue,
  numberOrNone,
  numberValue,
  positiveValue,
  precisionOption,
  recomputeOption,
  shareValue,
  sideValue,
  threadsValue,
  wholeValue,
  workersHelp,
  workersValue,
} from './flag-values.ts';
import { addNetworkOptions, type NetworkOptions } from './network-options.ts';
import { addOptionFlags, addPartFlag, type GivenFlags, partFromFlags } from './part-flags.ts';

/** Besides these, the flags of the parts' own options. */
export interface TrainFlags extends GivenFlags, ReadingFlags {
  readonly data?: readonly string[];
  readonly weights?: string;
  readonly classesByPosition?: boolean;
  readonly preprocessing?: PreprocessingChoice;
  readonly epochs?: number;
  readonly maxMinutes?: number;
  readonly findLr?: true | 'only';
  readonly batchSize?: number | 'auto';
  readonly accumulate?: number;
  readonly schedule?: string;
  readonly warmupEpochs?: number;
  readonly optimiser?: string;
  readonly loss?: string;
  readonly classWeights?: ClassWeights | 'none';
  readonly sampling?: Sampling;
  readonly patience?: number | 'none';
  readonly clipNorm?: number | 'none';
  readonly average?: string;
  readonly freeze?: string;
  readonly fineTune?: string;
  readonly recompute?: Recompute;
  readonly augment?: string;
  readonly imageSize?: number;
  readonly valFraction?: number;
  readonly folds?: number;
  readonly changedData?: boolean;
  readonly seed?: number;
  readonly threads?: number;
  readonly cache?: number | string;
  readonly workers?: number;
  readonly onBadImage?: 'stop' | 'skip';
  readonly saveMinutes?: number;
  readonly keep?: number;
  readonly engine?: string;
  readonly precision?: Precision;
  readonly out?: string;
  readonly resume?: string;
  readonly option?: NetworkOptions;
  readonly config?: string;
  readonly json?: boolean;
}

/** Adds them in the order in which help shows them. */
export function addTrainFlags(command: Command): Command {
  addNetworkOptions(command)
    .addOption(dataOption())
    .option(
      '--weights <weights>',
      'start from published ones, imagenet; or from a file, a URL or hf:OWNER/NAME (none: random ones)',
    )
    .option('--classes-by-position', 'keep the head of --weights by position, whatever the classes are called')
    .addOption(
      new Option(
        '--preprocessing <whose>',
        'whose mean, std and scaling of images: of --weights, or of the data (weights)',
      ).choices(preprocessingChoices),
    )
    .option('--epochs <n>', 'passes over the training images (30)', positiveValue)
    .option(
      '--max-minutes <n>',
      'train for as many steps as fit, with validation, test and report; --epochs is then an upper bound (no limit)',
      numberValue,
    )
    .option(
      '-b, --batch-size <n>',
      'images per step, or auto: as many as fit (128; of little data fewer, for 20 steps an epoch)',
      batchSizeValue,
    )
    .option('--accumulate <n>', 'batches whose gradients add up before each step (1)', positiveValue);
  addOptionFlags(command, schedules);
  command.addOption(
    new Option(
      '--find-lr [only]',
      'look for the rate first, in up to 100 steps, and train with it; only: just show it',
    ).choices(['only']),
  );
  addPartFlag(command, 'schedule', schedules, 'how the rate moves');
  command.option(
    '--warmup-epochs <n>',
    'epochs in which the rate rises to --lr (5, or a tenth of a shorter run)',
    numberValue,
  );
  addPartFlag(command, 'optimiser', optimisers, 'how weights follow gradients');
  addOptionFlags(command, optimisers);
  command.option('--clip-norm <norm>', 'the most that all gradients together may be, or none (none)', numberOrNone);
  addPartFlag(command, 'loss', objectives, 'what training makes small');
  addOptionFlags(command, objectives);
  command
    .option(
      '--class-weights <weights>',
      'how much images count by class: balanced, or for example cat=2,dog=0.5; or none (none)',
      classWeightsValue,
    )
    .addOption(
      new Option('--sampling <how>', 'of an epoch: every image once, or each class equally often (shuffled)').choices(
        samplings,
      ),
    )
    .option(
      '--patience <n>',
      'stop when the validation accuracy has not risen for so many epochs, or none (none)',
      positiveOrNone,
    );
  addPartFlag(command, 'average', averages, 'what predicts in place of the weights');
  addOptionFlags(command, averages);
  addPartFlag(command, 'fine-tune', fineTunings, 'how a run goes on from --weights');
  addOptionFlags(command, fineTunings);
  command.option(
    '--freeze <layers>',
    'keep the weights of these, for example stem,stage1; skein inspect names them (none)',
  );
  command.addOption(recomputeOption());
  addPartFlag(
    command,
    'augment',
    augmentations,
    'changes of training images: none, light, standard, strong, or a list such as crop:pad=4,flip (standard for folders of images, else none)',
  )
    .option('--image-size <pixels>', 'height and width of images from a folder (the network’s own)', sideValue)
    .option(
      '--val-fraction <f>',
      'held out to pick the best epoch, where the data has no such split (0.1)',
      shareValue,
    );
  return addReadingFlags(
    command.addOption(
      new Option('--folds <k>', 'cross validation: train k times, with another part of the images held out each time')
        .argParser(foldsValue)
        .conflicts(['valFraction', 'changedData']),
    ),
  )
    .option('--changed-data', 'with --resume: what is new in the data trains, what is missing is left out')
    .option('--seed <n>', 'of everything random (0)', wholeValue)
    .option('--threads <n>', 'of the engine (all cores)', threadsValue)
    .option(
      '--cache <where>',
      'keep decoded images: in memory (4GB), in a folder for other runs too, or off (a quarter of free memory)',
      (where: string) => cacheValue(where),
    )
    .option('-j, --workers <n>', workersHelp, workersValue)
    .addOption(badImageOption())
    .option('--save-minutes <n>', 'save also within an epoch, every so many minutes (10)', aboveZeroValue)
    .option('--keep <n>', 'keep the checkpoints of the n newest epochs, besides the last and the best (0)', wholeValue)
    .option('--engine <name>', engineChoices, engineValue)
    .addOption(precisionOption())
    .option('--out <folder>', 'the run folder (runs/MODEL-N)')
    .addOption(
      new Option('--resume <run>', 'go on with a run folder as if it had never stopped').conflicts([
        'findLr',
        'out',
        'config',
        'weights',
        'classesByPosition',
        'preprocessing',
      ]),
    )
    .option('--config <file>', 'start with the settings of a config.yaml; other flags override it')
    .option('--json', 'print the result as JSON, and progress to standard error');
}

/** What flags stand for, over the settings of `base`. @throws ConfigError */
export function withFlags(base: TrainOptions, flags: TrainFlags): TrainOptions {
  const { epochs, batchSize, accumulate, clipNorm, recompute, imageSize, valFraction, seed, out, augment } = flags;
  const { workers, cache, onBadImage, saveMinutes, keep, threads, engine, precision, changedData } = flags;
  const { weights, classesByPosition, preprocessing } = flags;
  const { testEngine, ...others } = base;
  const { classWeights: weightsBefore, patience: patienceBefore, ...more } = others;
  const { clipNorm: clipNormBefore, average: averageBefore, fineTune: fineTuneBefore, ...rest } = more;
  const options: TrainOptions = {
    ...timed(rest, flags),
    ...(weights !== undefined && { weights }),
    ...(classesByPosition !== undefined && { classesByPosition }),
    ...(preprocessing !== undefined && { preprocessing }),
    ...(epochs !== undefined && { epochs }),
    ...(batchSize !== undefined && { batchSize }),
    ...(accumulate !== undefined && { accumulate }),
    ...withoutNone({
      classWeights: flags.classWeights ?? weightsBefore,
      patience: flags.patience ?? patienceBefore,
    }),
    ...(flags.sampling !== undefined && { sampling: flags.sampling }),
    ...(flags.findLr !== undefined && { findLr: true }),
    ...limitOf(clipNorm ?? clipNormBefore),
    ...(flags.freeze !== undefined && { freeze: layerList(flags.freeze) }),
    ...(recompute !== undefined && { recompute }),
    ...(imageSize !== undefined && { imageSize }),
    ...(valFraction !== undefined && { validationFraction: valFraction }),
    ...readingOf(flags),
    ...(changedData && { changedData }),
    ...(seed !== undefined && { seed }),
    ...(threads !== undefined && { threads }),
    ...(cache !== undefined && { cache }),
    ...(workers !== undefined && { workers }),
    ...(onBadImage !== undefined && { onBadImage }),
    ...(saveMinutes !== undefined && { saveMinutes }),
    ...(keep !== undefined && { keep }),
    // who names an engine means it for the test too
    ...(engine !== undefined ? { engine } : testEngine !== undefined && { testEngine }),
    ...(precision !== undefined && { precision }),
    ...(out !== undefined && { out }),
    ...(augment !== undefined && { augment: readAugmentations('--augment', augment) }),
  };
  const optimiser = partFromFlags(optimisers, '--optimiser', flags.optimiser, flags, base.optimiser);
  const loss = partFromFlags(objectives, '--loss', flags.loss, flags, base.loss);
  const fineTune = flags.fineTune === 'none' ? undefined : fineTuneFrom(flags, fineTuneBefore);
  const isOff = flags.ema === 'none' || flags.average === 'none';
  const average = isOff ? undefined : averageFrom(flags, averageBefore);
  const lr = scheduleOf(options, flags);
  return {
    ...options,
    ...(optimiser && { optimiser }),
    ...(loss && { loss }),
    ...(average && { average }),
    ...(fineTune && { fineTune }),
    ...(lr && { lr }),
  };
}

/** Minutes that are asked for anew become steps anew; a run that goes on knows its own. */
function timed({ maxSteps, epochs, ...rest }: TrainOptions, { maxMinutes, epochs: asked }: TrainFlags): TrainOptions {
  if (asked !== undefined && maxMinutes === undefined) {
    // so many epochs, whatever a run before had time for
    const { maxMinutes: _, ...others } = rest;
    return others;
  }
  const decided = maxSteps === undefined ? {} : { maxSteps };
  if (maxMinutes === undefined) return { ...rest, ...(epochs !== undefined && { epochs }), ...decided };
  // the epochs of such a run follow from its steps
  return { ...rest, ...(epochs !== undefined && maxSteps === undefined && { epochs }), maxMinutes };
}

const limitOf = (norm: number | 'none' | undefined) => (typeof norm === 'number' ? { clipNorm: norm } : {});

/** What was taken back with `none` is left out, as is what nobody said. */
const withoutNone = ({
  classWeights,
  patience,
}: {
  readonly classWeights: TrainFlags['classWeights'] | undefined;
  readonly patience: TrainFlags['patience'] | undefined;
}) => ({
  ...(classWeights !== undefined && classWeights !== 'none' && { classWeights }),
  ...(typeof patience === 'number' && { patience }),
});

const averageFrom = (flags: TrainFlags, before: TrainOptions['average']) =>
  partFromFlags(averages, '--average', flags.average, flags, before) ?? before;

const fineTuneFrom = (flags: TrainFlags, before: TrainOptions['fineTune']) =>
  partFromFlags(fineTunings, '--fine-tune', flags.fineTune, flags, before) ?? before;

/** Another schedule keeps the rate and the warm-up of the one before, unless flags say otherwise; a new one has what is usual for the data. */
function scheduleOf(options: TrainOptions, flags: TrainFlags): Schedule | OpenSchedule | undefined {
  const { schedule, warmupEpochs } = flags;
  const { fineTune, epochs = usualEpochs(fineTune), lr } = options;
  if (warmupEpochs !== undefined && options.maxMinutes !== undefined)
    throw new ConfigError(
      '--warmup-epochs: expected a run of a known number of epochs, but --max-minutes decides how many there are',
      'say which share of the run it is: --schedule cosine:warmup=0.05',
    );
  if (warmupEpochs !== undefined && !(warmupEpochs >= 0 && warmupEpochs < epochs))
    throw new ConfigError(
      `--warmup-epochs: expected at least 0 and fewer than the ${epochs} epochs of the run, but got ${warmupEpochs}`,
      'some epochs are left for the rate to fall; 0.5 is possible',
    );
  const before = typeof lr === 'object' && !('given' in lr) ? lr : undefined;
  const named = schedule === undefined ? undefined : schedules.parseOnly('--schedule', schedule);
  const warmup = warmupEpochs === undefined ? {} : { warmup: warmupEpochs / epochs };
  if (before) {
    const isAnother = named && named.part.name !== before.name;
    const kept = isAnother ? { lr: before.options.lr, warmup: before.options.warmup, ...named.options } : {};
    return partFromFlags(schedules, '--schedule', schedule, flags, before, { ...kept, ...warmup });
  }
  // one that begins with a low rate needs no warm-up
  const risesItself = named !== undefined && 'start' in named.part.options;
  const given = (usual: { readonly lr: number; readonly warmup: number }): Schedule => {
    const open = { lr: usual.lr, ...(!risesItself && { warmup: usual.warmup }), ...named?.options, ...warmup };
    return partFromFlags(schedules, '--schedule', schedule, flags, undefined, open) as Schedule;
  };
  // mistakes are told before the data is read
  given({ lr: 0.1, warmup: 0 });
  return { given };
}
