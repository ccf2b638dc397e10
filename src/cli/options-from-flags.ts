/** The options of `train` that the flags of `skein train` stand for. */
import type { Schedule } from '../schedules/index.ts';
import { ConfigError } from '../tensor/index.ts';
import {
  averages,
  fineTunings,
  layerList,
  type OpenSchedule,
  objectives,
  optimisers,
  readAugmentations,
  schedules,
  type TrainOptions,
  usualEpochs,
} from '../train/index.ts';
import { readingOf } from './data-flags.ts';
import { partFromFlags } from './part-flags.ts';
import type { TrainFlags } from './train-flags.ts';

/** What flags stand for, over the settings of `base`. @throws ConfigError */
export function withFlags(base: TrainOptions, flags: TrainFlags): TrainOptions {
  const { epochs, batchSize, accumulate, clipNorm, recompute, imageSize, valFraction, seed, out, augment } = flags;
  const { workers, cache, onBadImage, saveMinutes, keep, threads, engine, precision, changedData } = flags;
  const { weights, classesByPosition, preprocessing, syncBatchNorm } = flags;
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
    ...(syncBatchNorm && { syncBatchNorm }),
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
