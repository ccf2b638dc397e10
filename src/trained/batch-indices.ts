import type { Batch } from '../pipeline/index.ts';

/** Which samples a batch holds of those from `from` to before `to`, in the dataset's order, without those that were left out. */
export function indicesIn(
  { index, bad = [] }: Batch,
  batchSize: number,
  { from, to }: { readonly from: number; readonly to: number },
): number[] {
  const leftOut = new Set(bad.map((one) => one.index));
  const start = from + index * batchSize;
  const all = Array.from({ length: Math.min(batchSize, to - start) }, (_, row) => start + row);
  return all.filter((at) => !leftOut.has(at));
}
