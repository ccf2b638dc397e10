import { expect, test } from 'vitest';
import { Random } from '../tensor/index.ts';
import { constant, heNormal, uniformFanIn } from './index.ts';

function moments(values: Float32Array) {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) };
}

test('heNormal has mean 0 and variance 2 / (output channels · kernel area)', () => {
  const { mean, deviation } = moments(heNormal([32, 256, 3, 3], new Random(1)));
  expect(mean).toBeClose(0, { absolute: 0.002 });
  expect(deviation).toBeClose(Math.sqrt(2 / (32 * 9)), { relative: 0.02 });
});

test('uniformFanIn fills ±1 / √(inputs) evenly', () => {
  const values = uniformFanIn([200, 64], new Random(1));
  const largest = values.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
  expect(largest).toBeLessThanOrEqual(1 / 8);
  expect(largest).toBeGreaterThan(0.99 / 8);
  expect(moments(values).mean).toBeClose(0, { absolute: 0.005 });
  expect(moments(values).deviation).toBeClose(1 / 8 / Math.sqrt(3), { relative: 0.02 });
});

test('equal seeds give equal numbers', () => {
  for (const initial of [heNormal, uniformFanIn, constant(2)])
    expect(initial([4, 3, 3, 3], new Random(7))).toEqual(initial([4, 3, 3, 3], new Random(7)));
  expect(constant(2)([2], new Random(7))).toEqual(new Float32Array([2, 2]));
});
