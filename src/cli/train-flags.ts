/** The flags of `skein train`. */
import { type Command, Option } from 'commander';
import type { Recompute } from '../autodiff/index.ts';
import type { Precision } from '../engines/index.ts';
import {
  augmentations,
  averages,
  type ClassWeights,
  fineTunings,
  objectives,
  optimisers,
  type PreprocessingChoice,
  preprocessingChoices,
  type Sampling,
  samplings,
  schedules,
} from '../train/index.ts';
import { classWeightsValue, foldsValue, positiveOrNone } from './class-weights-value.ts';
import { addReadingFlags, dataOption, type ReadingFlags } from './data-flags.ts';
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
import { addOptionFlags, addPartFlag, type GivenFlags } from './part-flags.ts';

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
  readonly ranks?: number;
  readonly syncBatchNorm?: boolean;
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
    .option(
      '--epochs <n>',
      'passes over the training images; --head-epochs come before them (30; 10 with --fine-tune)',
      positiveValue,
    )
    .option(
      '--max-minutes <n>',
      'train for as many steps as fit, with validation, test and report; --epochs is then an upper bound (no limit)',
      numberValue,
    )
    .option(
      '-b, --batch-size <n>',
      'images per step, or auto: as many as memory and 16 steps an epoch have room for (128; of little data fewer)',
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
      '--ranks <n>',
      'train in so many processes on this machine, through MPI (1); on several: mpirun',
      positiveValue,
    )
    .option('--sync-batch-norm', 'among ranks: batch norm by the statistics of all ranks’ images')
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
      ]),
    )
    .option('--config <file>', 'start with the settings of a config.yaml; other flags override it')
    .option('--json', 'print the result as JSON, and progress to standard error');
}
