import type { Batch } from '../pipeline/index.ts';

/** Which samples a batch in the dataset's order holds, without those that were left out; `length` is the dataset's. */
export function indicesIn({ index, bad = [] }: Batch, batchSize: number, length: number): number[] {
  const leftOut = new Set(bad.map((one) => one.index));
  const from = index * batchSize;
  const all = Array.from({ length: Math.min(batchSize, length - from) }, (_, row) => from + row);
  return all.filter((at) => !leftOut.has(at));
}
