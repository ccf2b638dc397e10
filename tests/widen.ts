import type { Array64 } from '../src/ir/index.ts';
import type { Tensor } from '../src/tensor/index.ts';

/** Tensors as the evaluator computes on them. */
export const widen = (tensors: ReadonlyMap<string, Tensor>): Map<string, Array64> =>
  new Map(
    [...tensors].map(([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data as Float32Array) }]),
  );
