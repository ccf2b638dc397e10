/** How the runs beside this file were started and stopped: their data and options, which the folders cannot hold. */

import {
  type Dataset,
  densenet,
  flip,
  memoryDataset,
  oneCycle,
  padCrop,
  Random,
  resnet,
  type Splits,
  step,
  type TrainOptions,
} from 'skein';
import { sgd } from 'skein/optimisers';
import { crossEntropy } from '../../src/objectives/index.ts';
import { network } from './own-network.ts';

/** A run whose folder is kept. */
export interface KeptRun {
  /** Without the folder. */
  readonly options: TrainOptions & { readonly data: Splits };
  /** It was interrupted by a signal after a step (counted from 1), or stopped by a callback after an epoch. */
  readonly stopped: { readonly step: number } | { readonly epoch: number };
  /** Whether its config.yaml is enough to build its network. */
  readonly isPublished: boolean;
}

type Size = Record<'channels' | 'height' | 'width', number>;

/** Noise. The labels take turns, with an odd one at the end, so that classes have shares of their own. */
function noise(name: string, length: number, classes: readonly string[], size: Size): Dataset {
  const random = new Random('kept runs').fork(name);
  const pixels = Uint8Array.from({ length: length * size.channels * size.height * size.width }, () =>
    random.integer(256),
  );
  const labels = Array.from({ length }, (_, i) => (i === length - 1 ? 0 : i % classes.length));
  return memoryDataset({ name, classes, ...size, pixels, labels });
}

const insects = ['ant', 'bee', 'cicada'];
const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
const winds = ['north', 'east', 'south', 'west'];
const [colour, grey, wide] = [
  { channels: 3, height: 8, width: 8 },
  { channels: 1, height: 12, width: 12 },
  { channels: 3, height: 9, width: 11 },
];

/** By the name of its folder. */
export const keptRuns: Readonly<Record<'residual' | 'own' | 'dense', KeptRun>> = {
  // in its first epoch: there is no best.safetensors yet; without momentum, which would double the file
  residual: {
    options: {
      model: resnet({ depth: 8 }),
      data: {
        train: noise('insects', 18, insects, colour),
        validation: noise('insects to validate', 6, insects, colour),
        normalisation: { mean: [0.5, 0.45, 0.4], std: [0.25, 0.26, 0.27] },
      },
      augment: [padCrop({ pad: 1 }), flip()],
      optimiser: sgd({ momentum: 0, weightDecay: 5e-4, decay: 'weights' }),
      lr: 0.05,
      epochs: 2,
      batchSize: 4,
      seed: 3,
      engine: 'evaluator',
    },
    stopped: { step: 3 },
    isPublished: true,
  },
  own: {
    options: {
      model: network,
      data: {
        train: noise('winds', 22, winds, wide),
        validation: noise('winds to validate', 9, winds, wide),
        test: noise('winds to test', 7, winds, wide),
        normalisation: { mean: [0.5, 0.5, 0.5], std: [0.3, 0.3, 0.3] },
      },
      lr: step({ lr: 0.04, milestones: [0.4, 0.8], factor: 0.5, warmup: 0.2 }),
      epochs: 3,
      batchSize: 8,
      seed: 11,
      engine: 'evaluator',
    },
    stopped: { epoch: 1 },
    isPublished: false,
  },
  // in its second epoch, on data that has no validation split
  dense: {
    options: {
      model: densenet({ depth: 7, growth: 4, stem: 8, compression: 0.75, dropout: 0.1 }),
      data: { train: noise('letters', 31, letters, grey), normalisation: { mean: [0.4], std: [0.2] } },
      augment: [flip({ probability: 0.3 }), padCrop({ pad: 2, fill: 100 })],
      optimiser: sgd({ momentum: 0.8, nesterov: true }),
      lr: oneCycle({ lr: 0.1, warmup: 0.1 }),
      loss: crossEntropy({ labelSmoothing: 0.1 }),
      recompute: 'dense',
      validationFraction: 0.25,
      epochs: 3,
      batchSize: 6,
      seed: 5,
      engine: 'evaluator',
    },
    stopped: { step: 6 },
    isPublished: true,
  },
};
