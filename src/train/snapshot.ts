/** A run's state as a checkpoint, and back. */
import type { Checkpoint, TrainingProgress } from '../checkpoint/index.ts';
import { graphToJson, type Program } from '../ir/index.ts';
import type { Tensor } from '../tensor/index.ts';
import type { EpochRecord } from './run-folder.ts';
import type { Settings } from './settings.ts';

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
  const { network, splits, image, seed } = settings;
  const { epoch, step, best, history, partial } = position;
  const training: TrainingProgress = {
    epoch,
    step,
    seed,
    config: recipe,
    history,
    ...(best && { best }),
    ...(partial.count > 0 && { partial }),
  };
  return {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: network.name, options: network.options },
    graph: graphToJson(prediction),
    classes: splits.train.classes,
    preprocessing: { ...image, mean: splits.normalisation.mean, std: splits.normalisation.std },
    training,
    tensors,
  };
}

/** The position that a checkpoint of `snapshot` was made at. */
export function positionOf({ epoch, step, best, history = [], partial }: TrainingProgress): Position {
  return {
    epoch,
    step,
    best,
    history: history as EpochRecord[],
    partial: partial ? { ...partial } : start().partial,
  };
}
