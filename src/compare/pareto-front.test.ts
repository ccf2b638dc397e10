import { expect, test } from 'vitest';
import { paretoFront } from './pareto-front.ts';

test('the front has what nobody beats in one without losing in the other', () => {
  const trades = [
    { gain: 0.9, cost: 10 },
    { gain: 0.8, cost: 5 },
    // as good as the one before, for more
    { gain: 0.8, cost: 6 },
    // as costly as the first, and worse
    { gain: 0.85, cost: 10 },
    { gain: 0.5, cost: 1 },
  ];
  expect(paretoFront(trades)).toEqual([true, true, false, false, true]);
});

test('equal ones are on it together, and what was not measured is not', () => {
  const same = { gain: 0.5, cost: 2 };
  expect(paretoFront([same, same, { gain: Number.NaN, cost: 1 }])).toEqual([true, true, false]);
});
