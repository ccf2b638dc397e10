import { expect, test } from 'vitest';
import { pairedTTest } from './index.ts';

test('Student’s own example: ten patients, and the sleep that two drugs gave them', () => {
  // Student (1908), The probable error of a mean, section IX: additional hours with drug 1 and drug 2. R's data set `sleep` has the same
  // numbers, and t.test(paired = TRUE) prints t = -4.0621, df = 9, p-value = 0.002833, mean -1.58, 95 % interval -2.4598858 to -0.7001142.
  const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
  const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
  const found = pairedTTest(first.map((hours, i) => hours - (second[i] as number)));
  expect(found.freedom).toBe(9);
  expect(found.mean).toBeCloseTo(-1.58, 12);
  expect(found.t).toBeCloseTo(-4.0621, 4);
  expect(found.p).toBeCloseTo(0.002833, 6);
  expect(found.low).toBeCloseTo(-2.4598858, 7);
  expect(found.high).toBeCloseTo(-0.7001142, 7);
});

test('two pairs: t is that of the Cauchy distribution, whose tail is known', () => {
  // differences 1 and 3: mean 2, s = √2, t = 2; with one degree of freedom P(|T| >= 2) = 1 − 2/π · arctan 2
  const { t, p } = pairedTTest([1, 3]);
  expect(t).toBeCloseTo(2, 12);
  expect(p).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(2), 12);
});

test('differences that are all the same are as sure as their least deviation lets them be', () => {
  expect(pairedTTest([0, 0, 0])).toMatchObject({ mean: 0, low: 0, high: 0, t: 0, p: 1 });
  expect(pairedTTest([0.5, 0.5])).toMatchObject({ t: Number.POSITIVE_INFINITY, p: 0 });
  const { low, high, p } = pairedTTest([0.5, 0.5], { leastDeviation: 1 });
  expect(p).toBeGreaterThan(0.5);
  expect(high - low).toBeGreaterThan(10);
  expect(() => pairedTTest([1])).toThrow('expected two differences or more, but got 1');
});
