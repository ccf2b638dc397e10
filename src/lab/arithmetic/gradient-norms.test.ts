import { expect, it } from 'vitest';
import { courseOf, spreadOf } from './gradient-norms.ts';

it('tells how norms run from the first layer to the last', () => {
  const { ratio, factor } = courseOf([0.125, 0.25, 0.5, 1]);
  expect(ratio).toBe(0.125);
  expect(factor).toBeCloseTo(0.5, 12);
  expect(courseOf([4, 2, 1], 4).factor).toBeCloseTo(Math.SQRT2, 12);
});

it('tells nothing where a norm is missing, 0, or the only one', () => {
  for (const norms of [[0, 1], [null, 1], [1, 0], [1], []])
    expect(courseOf(norms)).toEqual({ ratio: null, factor: null });
});

it('tells how far norms are apart', () => {
  expect(spreadOf([3, 1, 6, null, 2])).toBe(6);
  expect(spreadOf([1, 0])).toBeNull();
  expect(spreadOf([null])).toBeNull();
});
