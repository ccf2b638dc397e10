/** A batch of ten images that ranks share out, and what each of them is fed. */
import type { Program } from '../src/ir/index.ts';
import { densenet, resnet } from '../src/models/index.ts';
import { gradientsProgram, type StepBatch, stepInputs } from '../src/step/index.ts';
import { Random, type Tensor } from '../src/tensor/index.ts';

const [images, classes, area] = [10, 4, 64];

export const sharedNetworks = {
  residual: resnet({ depth: 8 }),
  'dense with dropout': densenet({ depth: 10, growth: 4, dropout: 0.3 }),
};

/** How the batch is shared out. */
export interface SharedOut {
  readonly network: keyof typeof sharedNetworks;
  /** Images of each rank. */
  readonly samples: readonly number[];
  /** So many of the ten count; the others only fill up. */
  readonly real: number;
  readonly recompute?: 'none' | 'cheap';
}

/** The first half of a step: as one rank of several with batch norm over all of them, or as the only one. */
export function sharedProgram({ network, samples, recompute = 'none' }: SharedOut, rank?: number): Program {
  const options = { network: sharedNetworks[network], image: { channels: 1, height: 8, width: 8 }, classes, recompute };
  if (rank === undefined) return gradientsProgram({ ...options, batchSize: images });
  const ranks = { rank, samples, syncBatchNorm: true };
  return gradientsProgram({ ...options, batchSize: samples[rank] as number, ranks });
}

/** A rank of samples that only fill up counts them, and for nothing. */
export function sharedInputs(program: Program, { samples, real }: SharedOut, rank?: number): Map<string, Tensor> {
  const whole = batchOf(real);
  const [lr, seed, step] = [0, 3, 5];
  if (rank === undefined) return stepInputs(program, whole, lr, seed, step, { share: 1 });
  const from = samples.slice(0, rank).reduce((all, n) => all + n, 0);
  const to = from + (samples[rank] as number);
  const own = Math.max(0, Math.min(real, to) - from);
  const batch = {
    images: whole.images.slice(from * area, to * area),
    labels: whole.labels.slice(from, to),
    weights: own === 0 ? new Float32Array(to - from).fill(1) : whole.weights.slice(from, to),
  };
  return stepInputs(program, batch, lr, seed, step, { share: own / real }, { from, of: images });
}

function batchOf(real: number): StepBatch {
  const random = new Random('batch');
  return {
    images: Float32Array.from({ length: images * area }, () => random.normal()),
    labels: Int32Array.from({ length: images }, () => random.integer(classes)),
    weights: Float32Array.from({ length: images }, (_, i) => (i < real ? 1 : 0)),
  };
}
