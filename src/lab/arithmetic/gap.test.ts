import { expect, it } from 'vitest';
import { wilsonInterval } from '../../metrics/index.ts';
import { gapOf } from './gap.ts';
import { byDepth } from './overfitting-by-depth.ts';

it('is the test error’s own interval, moved by the training error', () => {
  const gap = gapOf({ train: { top1: 0.9, total: 50 }, test: { top1: 0.7, total: 1000 } });
  const { low, high } = wilsonInterval(300, 1000);
  expect(gap.value).toBeCloseTo(0.2, 12);
  expect(gap.low).toBeCloseTo(low - 0.1, 12);
  expect(gap.high).toBeCloseTo(high - 0.1, 12);
});

it('is negative where training images are harder, as under heavy regularisation', () => {
  expect(gapOf({ train: { top1: 0.5, total: 10 }, test: { top1: 0.6, total: 100 } }).value).toBeCloseTo(-0.1, 12);
});

it('compares the shallowest with the deepest, in whatever order they come', () => {
  const run = (depth: number, train: number, test: number) => ({
    network: `resnet${depth}`,
    depth,
    train: { top1: train, total: 100 },
    test: { top1: test, total: 1000 },
  });
  const found = byDepth([run(20, 1, 0.6), run(8, 0.8, 0.7), run(14, 0.9, 0.65)]);
  expect([found?.shallow.depth, found?.deep.depth]).toEqual([8, 20]);
  // gaps 0.4 and 0.1, test errors 0.4 and 0.3
  expect(found?.gap.value).toBeCloseTo(0.3, 12);
  expect(found?.test.value).toBeCloseTo(0.1, 12);
  expect(byDepth([run(8, 1, 1)])).toBeUndefined();
});
