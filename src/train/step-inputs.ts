/** What a training step is fed: the batch, the learning rate, and a mask for each dropout. */
import type { Batch } from '../data/index.ts';
import type { Program } from '../ir/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../tensor/index.ts';

/** Masks depend on the seed, the step and the input's name alone, so that a resumed run draws the same ones. */
export function stepInputs(
  program: Program,
  batch: Batch,
  lr: number,
  seed: number,
  step: number,
): Map<string, Tensor> {
  const { inputs } = program.graph;
  const shapeOf = (name: string) => inputs.get(name)?.type.shape ?? [];
  const fed = new Map<string, Tensor>([
    ['image', tensor('float32', shapeOf('image'), batch.images)],
    ['labels', tensor('int32', shapeOf('labels'), batch.labels)],
    ['weights', tensor('float32', shapeOf('weights'), batch.weights)],
    ['lr', tensor('float32', [], Float32Array.of(lr))],
  ]);
  for (const [name, { source, type }] of inputs)
    if (source.kind === 'input' && source.dropout !== undefined) {
      const random = new Random(seed).fork('dropout').fork(name).fork(step);
      fed.set(name, tensor('float32', type.shape, mask(sizeOf(type.shape), source.dropout, random)));
    }
  return fed;
}

/** 0 with probability `rate`, else 1 / (1 − rate): the mean stays 1. */
function mask(size: number, rate: number, random: Random): Float32Array {
  const numbers = new Float32Array(size);
  for (let i = 0; i < size; i++) numbers[i] = random.uniform() < rate ? 0 : 1 / (1 - rate);
  return numbers;
}
