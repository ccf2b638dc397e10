import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { DataError, Random, ShapeError } from '../tensor/index.ts';
import { classProbabilities, fitLogisticRegression } from './index.ts';

interface Golden {
  width: number;
  classes: number;
  features: number[];
  labels: number[];
  fits: { l2: number; weights?: number[]; coefficients: number[]; probabilities: number[] }[];
}

const golden: Golden = JSON.parse(readFileSync(new URL('../../tests/probes-golden.json', import.meta.url), 'utf8'));
const { width, classes, labels } = golden;
const data = { features: Float64Array.from(golden.features), width, labels, classes };

test.each(golden.fits)('a fit with l2 $l2 is that of scikit-learn', ({ coefficients, probabilities, ...options }) => {
  const fit = fitLogisticRegression({ ...data, ...options, tolerance: 1e-10 });
  expect(fit.converged).toBe(true);
  coefficients.forEach((expected, k) => {
    expect(fit.weights[k]! / (Math.abs(expected) + 1e-3)).toBeCloseTo(expected / (Math.abs(expected) + 1e-3), 5);
  });
  const ours = classProbabilities(fit, data.features.subarray(0, 5 * width));
  probabilities.forEach((expected, k) => {
    expect(ours[k]).toBeCloseTo(expected, 6);
  });
});

test('the scale and the centre of a feature change nothing', () => {
  const moved = data.features.map((x, k) => (k % width === 1 ? 1000 * x - 3 : x));
  const fit = fitLogisticRegression({ ...data, tolerance: 1e-10 });
  const other = fitLogisticRegression({ ...data, features: moved, tolerance: 1e-10 });
  const probabilities = classProbabilities(fit, data.features);
  classProbabilities(other, moved).forEach((p, k) => {
    expect(p).toBeCloseTo(probabilities[k]!, 7);
  });
});

test('a fit that starts from an earlier one comes to the same end, sooner', () => {
  const cold = fitLogisticRegression({ ...data, l2: 0.01, tolerance: 1e-9 });
  const near = fitLogisticRegression({ ...data, l2: 0.011, tolerance: 1e-9 });
  const warm = fitLogisticRegression({ ...data, l2: 0.01, tolerance: 1e-9, start: near });
  expect(warm.iterations).toBeLessThan(cold.iterations);
  expect(warm.loss).toBeCloseTo(cold.loss, 12);
  warm.bias.forEach((b, c) => {
    expect(b).toBeCloseTo(cold.bias[c]!, 4);
  });
});

test('a sample of weight 2 is a sample that is there twice', () => {
  const weights = labels.map((_, i) => (i < 20 ? 2 : 1));
  const twice = Float64Array.from([...data.features.subarray(0, 20 * width), ...data.features]);
  const weighted = fitLogisticRegression({ ...data, weights });
  const repeated = fitLogisticRegression({ ...data, features: twice, labels: [...labels.slice(0, 20), ...labels] });
  expect(weighted.loss).toBeCloseTo(repeated.loss, 8);
});

test('a class without samples is unlikely, and the others are as they were', () => {
  const fit = fitLogisticRegression({ ...data, classes: classes + 1 });
  expect(fit.converged).toBe(true);
  const probabilities = classProbabilities(fit, data.features);
  const missing = probabilities.filter((_, k) => k % (classes + 1) === classes);
  expect(Math.max(...missing)).toBeLessThan(0.01);
});

test('float32 features are fitted as their numbers in float64', () => {
  const features = Float32Array.from(data.features);
  const fit = fitLogisticRegression({ ...data, features });
  const wide = fitLogisticRegression({ ...data, features: Float64Array.from(features) });
  expect(fit).toEqual(wide);
});

test('separable samples without a penalty end at the limit of iterations, and it is said', () => {
  const random = new Random(1);
  const features = Float64Array.from({ length: 40 }, (_, i) => (i % 2) + 0.1 * random.uniform());
  const separable = { features, width: 1, labels: features.map((_, i) => i % 2), classes: 2, l2: 0 };
  const fit = fitLogisticRegression({ ...separable, tolerance: 1e-15, maxIterations: 5 });
  expect(fit.converged).toBe(false);
  expect(Number.isFinite(fit.loss)).toBe(true);
});

test('what does not fit together is refused with the numbers that do not', () => {
  expect(() => fitLogisticRegression({ ...data, width: 8 })).toThrow(ShapeError);
  expect(() => fitLogisticRegression({ ...data, labels: labels.slice(1) })).toThrow(
    /60 rows of features have 59 labels/,
  );
  expect(() => fitLogisticRegression({ ...data, labels: labels.with(3, 4) })).toThrow(/sample 3 has 4/);
  expect(() => fitLogisticRegression({ ...data, weights: [1] })).toThrow(ShapeError);
  expect(() => fitLogisticRegression({ ...data, weights: labels.map((_, i) => 1 - i) })).toThrow(/sample 2 has -1/);
  expect(() => fitLogisticRegression({ ...data, features: data.features.with(9, Number.NaN) })).toThrow(
    /sample 1 has NaN at 2/,
  );
  const none = { features: new Float32Array(), width, labels: [], classes };
  expect(() => fitLogisticRegression(none)).toThrow(DataError);
});
