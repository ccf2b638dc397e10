import { expect, it } from 'vitest';
import { type Grown, growthOf, trainingRate } from './growth.ts';

const grown = (size: number): Grown => ({
  network: `n${size}`,
  size,
  test: { top1: 0.5 + size / 100, total: 1000 },
  macs: 10 * size,
  imagesPerSecond: 1000 / size ** 1.5,
  memoryBytes: 5 * size ** 2,
  recomputedBytes: 7 * size,
});

it('finds what memory and time grow with, and what is gained', () => {
  const found = growthOf([grown(8), grown(32), grown(16)]);
  expect(found?.smallest.network).toBe('n8');
  expect(found?.largest.network).toBe('n32');
  expect(found?.timesMacs).toBeCloseTo(4, 12);
  expect(found?.gain.value).toBeCloseTo(0.24, 12);
  expect(found?.memoryExponent).toBeCloseTo(2, 10);
  expect(found?.recomputedExponent).toBeCloseTo(1, 10);
  expect(found?.timeExponent).toBeCloseTo(1.5, 10);
  expect(growthOf([grown(8), grown(8)])).toBeUndefined();
});

it('adds work and time, so that slow networks count as they take', () => {
  // 3 · 10 in 1 s and 3 · 20 in 2 s
  const networks = [
    { macs: 10, imagesPerSecond: 1 },
    { macs: 20, imagesPerSecond: 0.5 },
  ];
  expect(trainingRate(networks)).toBeCloseTo(30, 12);
});
