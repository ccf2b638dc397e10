import { expect, test } from 'vitest';
import { reuseNumbers } from './reuse-numbers.ts';

const reading = (number: number | null, weights: readonly number[]) => ({
  number,
  weights,
  counts: weights.map(() => 100),
});

test('each statement of the paper has the number that was planted', () => {
  const numbers = reuseNumbers([
    [
      reading(1, [1]),
      reading(2, [1, 1]),
      reading(3, [2, 2, 2]),
      reading(4, [0.1, 1, 1, 1.9]),
      reading(null, [1, 1, 1, 1, 1]),
    ],
    [
      reading(1, [3]),
      reading(2, [1, 3]),
      reading(3, [0.5, 2, 0.5]),
      reading(4, [1, 2, 2, 3]),
      reading(null, [1, 1, 1, 1, 2]),
    ],
  ]);
  // layers 3 and 4 of both blocks; one reads the oldest third at a tenth of its mean
  expect(numbers.deep.layers).toBe(4);
  expect(numbers.deep.readEarly).toBe(3);
  expect(numbers.deep.oldest).toBeCloseTo((1 + 0.1 + 0.5 + 0.5) / 4);
  expect(numbers.transitions).toEqual({ evenness: expect.closeTo(1), oldest: 1, newest: 1 });
  // of the second block's layers 2, 3 and 4; equal to another is not the least
  expect(numbers.laterInput?.layers).toBe(3);
  expect(numbers.laterInput?.least).toBe(2);
  expect(numbers.laterInput?.weight).toBeCloseTo((0.5 + 0.5 + 0.5) / 3);
  expect(numbers.last?.newest).toBeCloseTo(2 / 1.2);
  expect(numbers.last?.oldest).toBeCloseTo(1 / 1.2);
});

test('one block has no transitions and nothing that comes later', () => {
  const numbers = reuseNumbers([[reading(1, [1]), reading(2, [1, 1]), reading(null, [1, 1, 1])]]);
  expect(numbers.transitions).toBeUndefined();
  expect(numbers.laterInput).toBeUndefined();
  expect(numbers.spread).toBe(0);
});
