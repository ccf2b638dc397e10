import { expect, it } from 'vitest';
import { differenceOf, shareOf, signOf } from './estimate.ts';

it('gives the intervals of Newcombe’s table', () => {
  // Newcombe 1998, Statistics in Medicine 17, Table II, method 10
  const found = differenceOf(shareOf(56, 70), shareOf(48, 80));
  expect(found.value).toBeCloseTo(0.2, 10);
  expect(found.low).toBeCloseTo(0.0524, 4);
  expect(found.high).toBeCloseTo(0.3339, 4);
  const none = differenceOf(shareOf(10, 10), shareOf(0, 10));
  expect([none.low, none.high].map((end) => Number(end.toFixed(4)))).toEqual([0.6075, 1]);
});

it('adds independent spreads as the sides of a right triangle', () => {
  const found = differenceOf({ value: 5, low: 2, high: 8 }, { value: 1, low: -3, high: 5 });
  expect(found).toEqual({ value: 4, low: -1, high: 9 });
});

it('tells above and below only where the interval leaves 0 out', () => {
  expect(signOf({ low: 0.01, high: 1 })).toBe('above');
  expect(signOf({ low: -1, high: -0.01 })).toBe('below');
  expect(signOf({ low: -1, high: 1 })).toBe('open');
  expect(signOf({ low: 0, high: 1 })).toBe('open');
});
