import { expect, test } from 'vitest';
import { tInterval } from './index.ts';

/** What the interval of values with mean 0 and s / √n = 1 ends at. */
function quantile(freedom: number, confidence: number): number {
  const count = freedom + 1;
  const values = Array.from({ length: count }, (_, i) => i);
  const { mean, high } = tInterval(values, confidence);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return (high - mean) / Math.sqrt(squares / freedom / count);
}

test.each([
  // as tables of Student’s t have them
  [1, 0.95, 12.706204736432095],
  [2, 0.95, 4.302652729911275],
  [3, 0.95, 3.182446305284263],
  [4, 0.95, 2.7764451051977987],
  [5, 0.95, 2.570581835636314],
  [9, 0.95, 2.2621571627409915],
  [10, 0.95, 2.2281388519649385],
  [29, 0.95, 2.045229642132703],
  [4, 0.99, 4.604094871415897],
  [7, 0.5, 0.7111417780816957],
])('%i degrees of freedom at confidence %d', (freedom, confidence, t) => {
  expect(quantile(freedom, confidence)).toBeCloseTo(t, 9);
});

test('values that are equal leave no doubt, and one value is none', () => {
  expect(tInterval([0.5, 0.5, 0.5])).toEqual({ mean: 0.5, low: 0.5, high: 0.5 });
  expect(() => tInterval([0.5])).toThrow('expected two values or more, but got 1');
  expect(() => tInterval([0, 1], 95)).toThrow('expected a confidence between 0 and 1, but got 95');
});
