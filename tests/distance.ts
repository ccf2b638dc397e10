import { expect } from 'vitest';
import type { Tensor } from '../src/tensor/index.ts';

/** How far two tensors are apart, as a share of the second one's length. */
export function distance(actual: Pick<Tensor, 'data'> | undefined, expected: Pick<Tensor, 'data'>): number {
  const [a, b] = [actual?.data ?? [], expected.data];
  expect(a.length).toBe(b.length);
  let [difference, length] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (Number(a[i]) - Number(b[i])) ** 2;
    length += Number(b[i]) ** 2;
  }
  return Math.sqrt(difference / length);
}
