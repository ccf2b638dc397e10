import { expect, it } from 'vitest';
import { gaussianFilter } from './gaussian-filter.ts';

it('spreads a point as a Gaussian, the same in both directions, and keeps its sum', () => {
  const size = { height: 21, width: 21 };
  const image = new Float32Array(2 * 441);
  image[441 + 10 * 21 + 10] = 1;
  const blurred = gaussianFilter(image, size, 1.5);
  expect(blurred.subarray(0, 441)).toBeClose(new Float32Array(441));
  const at = (y: number, x: number) => blurred[441 + y * 21 + x] as number;
  expect(at(10, 12) / at(10, 10)).toBeClose(Math.exp(-(2 ** 2) / (2 * 1.5 ** 2)));
  expect(at(12, 10)).toBeClose(at(10, 12));
  expect(blurred.reduce((sum, value) => sum + value, 0)).toBeClose(1);
});

it('changes nothing where all pixels are equal, up to the edges', () => {
  const flat = new Float32Array(3 * 5 * 4).fill(0.25);
  expect(gaussianFilter(flat, { height: 5, width: 4 }, 2)).toBeClose(flat);
});
