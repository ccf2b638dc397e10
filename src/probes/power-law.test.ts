import { expect, test } from 'vitest';
import { DataError, ShapeError } from '../tensor/index.ts';
import { errorAt, fitPowerLaw } from './index.ts';

const sizes = [20, 40, 80, 160, 320];

test.each([
  { scale: 2, exponent: 0.5, floor: 0 },
  { scale: 1.5, exponent: 0.35, floor: 0.1 },
  { scale: 4, exponent: 0.9, floor: 0.05 },
])('the law $scale·n^−$exponent + $floor is found from its own points', (law) => {
  const fit = fitPowerLaw({ sizes, errors: sizes.map((n) => law.scale * n ** -law.exponent + law.floor) });
  expect(fit.exponent).toBeCloseTo(law.exponent, 3);
  expect(fit.scale).toBeCloseTo(law.scale, 1);
  expect(fit.floor).toBeCloseTo(law.floor, 3);
  expect(errorAt(fit, 640)).toBeCloseTo(law.scale * 640 ** -law.exponent + law.floor, 4);
});

test('errors that rise are taken for errors that stay', () => {
  const fit = fitPowerLaw({ sizes: [10, 20, 40], errors: [0.2, 0.25, 0.3] });
  expect(errorAt(fit, 1000)).toBeCloseTo(0.25, 6);
});

test('errors that fall faster than any law allows have no floor below 0', () => {
  const fit = fitPowerLaw({ sizes: [10, 20, 40], errors: [0.9, 0.2, 0] });
  expect(fit.floor).toBe(0);
  expect(fit.exponent).toBeLessThanOrEqual(1.5);
});

test('a point that weighs nothing changes nothing', () => {
  const errors = sizes.map((n) => 2 * n ** -0.5);
  const fit = fitPowerLaw({ sizes: [...sizes, 640], errors: [...errors, 0.9], weights: [1, 1, 1, 1, 1, 0] });
  expect(fit.exponent).toBeCloseTo(0.5, 3);
});

test('what is believed of the exponent decides where points tell nothing', () => {
  const belief = { exponent: { mean: 0.7, deviation: 0.1 }, floor: { mean: 0.1, deviation: 0.05 } };
  const fit = fitPowerLaw({ sizes: [50], errors: [0.4], ...belief });
  expect(fit.exponent).toBeCloseTo(0.7, 2);
  expect(errorAt(fit, 50)).toBeCloseTo(0.4, 3);
});

test('sizes without errors, no sizes and sizes of 0 are refused', () => {
  expect(() => fitPowerLaw({ sizes, errors: [0.1] })).toThrow(ShapeError);
  expect(() => fitPowerLaw({ sizes: [], errors: [] })).toThrow(DataError);
  expect(() => fitPowerLaw({ sizes: [0, 1], errors: [1, 1] })).toThrow(/above 0, but are 0, 1/);
});
