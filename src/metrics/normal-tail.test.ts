import { expect, it } from 'vitest';
import { twoSidedNormalTail } from './normal-tail.ts';

it.each([
  // erfc(z / √2) by scipy.special 1.10
  [0, 1],
  [0.5, 0.6170750774519739],
  [1, 0.31731050786291415],
  [1.959963984540054, 0.05],
  [2, 0.04550026389635843],
  [3, 0.0026997960632601918],
  [5, 5.73303143758389e-7],
  [10, 1.5239706048321166e-23],
  [30, 9.81342785429749e-198],
])('is exact to the last digits near 0 and far out (z = %d)', (z, tail) => {
  expect(twoSidedNormalTail(z) / tail).toBeCloseTo(1, 11);
});
