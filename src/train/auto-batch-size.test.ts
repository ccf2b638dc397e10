import { expect, it } from 'vitest';
import { plan } from '../ir/index.ts';
import { resnet } from '../models/index.ts';
import { sgd } from '../optimisers/index.ts';
import { stepProgram } from '../step/index.ts';
import { autoBatchSize } from './auto-batch-size.ts';

const step = {
  network: resnet({ depth: 8 }),
  image: { channels: 3, height: 16, width: 16 },
  classes: 4,
  optimiser: sgd(),
};
const plenty = 1e12;
const sizeOf = (samples: number, memoryBytes = plenty, accumulate = 1) =>
  autoBatchSize(step, { samples, memoryBytes, accumulate }).batchSize;
const plannedBytes = (batchSize: number) => {
  const { stateBytes, peakActivationBytes } = plan(stepProgram({ ...step, batchSize }));
  return stateBytes + peakActivationBytes;
};

it('is a power of two that leaves an epoch 16 steps', () => {
  expect([1e6, 4096, 4095, 1192, 600, 100].map((samples) => sizeOf(samples))).toEqual([256, 256, 128, 64, 32, 8]);
  expect(sizeOf(4096, plenty, 4)).toBe(64);
});

it('is all samples where there are hardly any', () => {
  expect([8, 5, 1].map((samples) => sizeOf(samples))).toEqual([8, 5, 1]);
});

it('fits the plan into half of the memory, to the byte', () => {
  const bytes = 2 * plannedBytes(64);
  expect(sizeOf(1e6, bytes)).toBe(64);
  expect(sizeOf(1e6, bytes - 1)).toBe(32);
  expect(autoBatchSize(step, { samples: 1e6, memoryBytes: bytes, accumulate: 1 }).reason).toContain('memory');
  expect(sizeOf(5, 2 * plannedBytes(5) - 1)).toBe(4);
});

it('refuses a network of which not even one image fits', () => {
  expect(() => sizeOf(1e6, 1000)).toThrow('a step on one image');
});
