import { expect, test } from 'vitest';
import { holm } from './index.ts';

test('a worked example: the smallest counts four times, the next three times, and none falls below one before it', () => {
  // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), method = "holm") gives 0.03 0.06 0.06 0.02
  const found = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((expected, i) => {
    expect(found[i]).toBeCloseTo(expected, 12);
  });
});

test('one test needs no correction, and nothing is likelier than certain', () => {
  expect(holm([0.2])).toEqual([0.2]);
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
