import { expect, it } from 'vitest';
import { exponentOf } from './power-law.ts';

it('finds the exponent of a power, whatever its factor', () => {
  for (const power of [-1, 0, 1, 2, 2.5])
    expect(exponentOf([1, 2, 5, 11].map((x) => [x, 7 * x ** power] as const))).toBeCloseTo(power, 10);
});

it('lies between the slopes of a line that is bent', () => {
  // log2: (0, 0), (1, 1), (2, 4): least squares has slope 2
  const points = [
    [1, 1],
    [2, 2],
    [4, 16],
  ] as const;
  expect(exponentOf(points)).toBeCloseTo(2, 10);
});

it('has none where there is nothing to compare, or a number is not above 0', () => {
  for (const points of [
    [],
    [[2, 3]],
    [
      [2, 3],
      [2, 5],
    ],
    [
      [1, 0],
      [2, 1],
    ],
  ] as (readonly [number, number])[][])
    expect(exponentOf(points)).toBeNaN();
});
