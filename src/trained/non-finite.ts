import type { Tensor } from '../tensor/index.ts';

/** Names of tensors in which a number is NaN or infinite. */
export function nonFinite(tensors: ReadonlyMap<string, Tensor>): string[] {
  return [...tensors].filter(([, { data }]) => !areFinite(data)).map(([name]) => name);
}

/** Whether none of the numbers is NaN or infinite. */
export function areFinite(data: Tensor['data']): boolean {
  if (!(data instanceof Float32Array || data instanceof Float64Array)) return true;
  for (const value of data) if (!Number.isFinite(value)) return false;
  return true;
}
