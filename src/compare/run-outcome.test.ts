import { expect, test } from 'vitest';
import type { Measurement, Run } from '../train/index.ts';
import { outcomeOf } from './run-outcome.ts';

const score = { loss: 0.5, top1: 0.75, correct: 15, total: 20 };
const epoch = (at: number, step: number, images: number, seconds: number): Measurement => ({
  kind: 'epoch',
  step,
  epoch: at,
  epochs: 3,
  train: { loss: 1, top1: 0.5 },
  validation: { ...score, top1: 0.7 + at / 100 },
  lr: 0.1,
  isBest: true,
  images,
  imagesPerSecond: 50,
  waiting: 0,
  seconds,
});
const run = {
  folder: 'runs/a',
  stopped: 'finished',
  best: { epoch: 2, top1: 0.72 },
  test: { best: score, last: score },
  peakBytes: 0,
  engine: 'evaluator',
  precision: 'float64',
  threads: 1,
} as unknown as Run;

test('an epoch that a later call went on within counts as long as all of its images take', () => {
  // 100 samples in steps of 10; the second epoch went on after 60 of them, the third was cut short after 50
  const measured = [epoch(1, 10, 100, 3), epoch(2, 20, 40, 1.8), epoch(3, 25, 50, 2)];
  const found = outcomeOf(run, measured, { samples: 100, samplesPerStep: 10 }, 777);
  expect(found.epochs.map(({ seconds }) => seconds)).toEqual([3, 1.8 + 60 / 50, 2]);
  expect(found.seconds).toBeCloseTo(8, 12);
  expect(found.imagesPerSecond).toBeCloseTo(50, 12);
  expect(found).toMatchObject({
    steps: 25,
    best: { epoch: 2, top1: 0.72 },
    score: { split: 'test', ...score },
    peakBytes: 777,
  });
});

test('data without test images is measured on those that picked the epoch', () => {
  const measured = [epoch(1, 10, 100, 3), epoch(2, 20, 100, 3)];
  const found = outcomeOf(
    { ...run, test: undefined, peakBytes: 5 },
    measured,
    { samples: 100, samplesPerStep: 10 },
    777,
  );
  expect(found.score).toEqual({ split: 'validation', ...score, top1: 0.72 });
  expect([found.peakBytes, found.processBytes]).toEqual([5, 777]);
});
