import { expect, it } from 'vitest';
import { rankCorrelation } from './rank-correlation.ts';

it('is Spearman’s of a worked example, whatever the scale', () => {
  // https://en.wikipedia.org/wiki/Spearman's_rank_correlation_coefficient: intelligence and hours of television
  const intelligence = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
  const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
  expect(rankCorrelation(intelligence, hours)).toBeClose(-29 / 165);
  expect(
    rankCorrelation(
      intelligence,
      hours.map((value) => value ** 3),
    ),
  ).toBeClose(-29 / 165);
});

it('gives equal numbers their mean rank', () => {
  // ranks 0.5 0.5 2 3 and 0 1 2.5 2.5: the sum of products of deviations is 4, of squares 4.5 each
  expect(rankCorrelation([1, 1, 2, 3], [0, 5, 9, 9])).toBeClose(4 / 4.5);
});

it('is not a number where one side has no order, and needs as many numbers on both', () => {
  expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNaN();
  expect(() => rankCorrelation([1], [1, 2])).toThrow('expected as many numbers on both sides, but got 1 and 2');
});
