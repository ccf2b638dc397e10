/** A run's state as a checkpoint, and back. */
import { z } from 'zod';
import type { Checkpoint, TrainingProgress } from '../checkpoint/index.ts';
import { graphToJson, type Program } from '../ir/index.ts';
import { CheckpointError, type Tensor } from '../tensor/index.ts';
import type { EpochRecord } from './events.ts';
import { type Settings, stepsAfter, stepsPerEpoch } from './settings.ts';

/** Where a run stands: all that the next step depends on besides the state. */
export interface Position {
  /** Complete epochs. */
  epoch: number;
  /** Complete steps in all. */
  step: number;
  best: { readonly epoch: number; readonly top1: number } | undefined;
  history: EpochRecord[];
  /** Over the samples of the epoch under way. */
  partial: { loss: number; correct: number; count: number };
}

export const start = (): Position => ({
  epoch: 0,
  step: 0,
  best: undefined,
  history: [],
  partial: { loss: 0, correct: 0, count: 0 },
});

/** Everything needed to predict, and to go on training. `prediction` is the network at any batch size. */
export function snapshot(
  settings: Settings,
  prediction: Program,
  recipe: Readonly<Record<string, unknown>>,
  position: Position,
  tensors: ReadonlyMap<string, Tensor>,
): Checkpoint {
  const { network, splits, image, scaling, seed, dataRecord, grey } = settings;
  const { epoch, step, best, history, partial } = position;
  const training: TrainingProgress = {
    epoch,
    step,
    seed,
    config: recipe,
    // the run goes on while the checkpoint stays
    history: [...history],
    ...(best && { best }),
    ...(dataRecord && {
      data: { split: dataRecord.digest, ...(dataRecord.sizes && { sizes: dataRecord.sizes }) },
    }),
    ...(partial.count > 0 && { partial: { ...partial } }),
  };
  return {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: network.name, options: network.options },
    graph: graphToJson(prediction),
    classes: splits.train.classes,
    preprocessing: {
      ...image,
      mean: splits.normalisation.mean,
      std: splits.normalisation.std,
      ...scaling,
      ...(image.channels === 1 && { grey }),
    },
    training,
    tensors,
  };
}

/**
 * How far a checkpoint's run had come.
 * @param path the checkpoint, as messages name it
 * @throws CheckpointError where it was not made to go on training from
 */
export function trainingOf(path: string, { training }: Checkpoint): TrainingProgress {
  if (training) return training;
  throw new CheckpointError(
    `${path}: it can predict, but holds nothing to go on training from`,
    'give the folder of a run that skein train made, or its last.safetensors',
  );
}

const result = z.looseObject({ loss: z.number(), top1: z.number() });
const records = z.array(z.looseObject({ epoch: z.int(), train: result, validation: result, lr: z.number() }));

/**
 * The position that a checkpoint of `snapshot` was made at.
 * @param path the checkpoint, as messages name it
 * @throws CheckpointError where it is none of a run with these settings
 */
export function positionOf(path: string, training: TrainingProgress, settings: Settings): Position {
  const { epoch, best, history = [], partial = start().partial } = training;
  const { epochs, batchSize, accumulate, splits } = settings;
  const steps = stepsPerEpoch(settings);
  const step = settings.changes ? betweenEpochs(path, training) * steps : training.step;
  const begun = step - stepsAfter(settings, epoch);
  const seen = Math.min(begun * batchSize * accumulate, splits.train.length);
  const read = records.safeParse(history);
  const sound =
    epoch <= epochs &&
    begun >= 0 &&
    begun <= (epoch < epochs ? stepsAfter(settings, epoch + 1) - stepsAfter(settings, epoch) : 0) &&
    partial.count === seen &&
    read.data?.length === epoch &&
    (best === undefined ? epoch === 0 : best.epoch >= 1 && best.epoch <= epoch);
  if (!sound)
    throw new CheckpointError(
      `${path}: expected a place in a run of ${epochs} epochs with ${steps} steps each, but got epoch ${epoch}, ` +
        `step ${step}, ${partial.count} samples of the next epoch, and ${history.length} epochs measured`,
      'the file is damaged, or another program changed it',
    );
  return { epoch, step, best, history: history as EpochRecord[], partial: { ...partial } };
}

/** An epoch goes over all images once: under way, it cannot go on over others. @returns complete epochs */
function betweenEpochs(path: string, { epoch, partial }: TrainingProgress): number {
  if (partial === undefined || partial.count === 0) return epoch;
  throw new CheckpointError(
    `${path}: the run stopped in the middle of epoch ${epoch + 1}, which can only go on over the images that it began with`,
    'put the data back until the epoch is over, or start a new run',
  );
}
