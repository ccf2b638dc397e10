/** What claims answer from made-up numbers: each of the cases that they tell apart. */
import { expect, it } from 'vitest';
import type { AccuracyResult, AccuracyRun, Role } from '../experiments/accuracy-result.ts';
import type { OverfittingRun } from '../experiments/overfitting-result.ts';
import type { SizedRun } from '../experiments/scaling-result.ts';
import { conventional } from './conventional.ts';
import { imageClassification } from './image-classification.ts';
import { overfittingClaim } from './overfitting.ts';
import { sameTraining } from './same-training.ts';
import { scalingClaim } from './scaling.ts';

const spread = [0, 0.004, -0.003];

function accuracies(means: Readonly<Record<Role, number>>, differing: readonly string[] = ['model']): AccuracyResult {
  const runs = Object.entries(means).flatMap(([role, mean], at) =>
    spread.map(
      (noise, seed): AccuracyRun => ({
        role: role as Role,
        network: `${role}-net`,
        seed,
        // the same for each seed, and a little of its own
        test: { loss: 1, top1: mean + noise + 0.0005 * ((at + seed) % 3), total: 1000 },
        trainTop1: 0.9,
        params: 1000,
        macs: 2000,
      }),
    ),
  );
  return {
    runs,
    classes: 10,
    recipe: [
      ['model', 'residual-net'],
      ['epochs', '3'],
      ['optimiser', 'sgd'],
    ],
    differences: [
      { network: 'dense-net', settings: differing.map((key) => ({ key, before: 'residual-net', now: 'dense-net' })) },
    ],
  };
}

const better = { residual: 0.8, dense: 0.82, plain: 0.7, conventional: 0.7, linear: 0.6 };

it('says that both win, one of them, neither, or that it cannot be told', () => {
  const verdicts = (means: typeof better) => [
    imageClassification.answer([accuracies(means)]).verdict,
    conventional.answer([accuracies(means)]).verdict,
  ];
  expect(verdicts(better)).toEqual(['holds', 'holds']);
  expect(verdicts({ ...better, residual: 0.5 })).toEqual(['in part', 'in part']);
  expect(verdicts({ ...better, conventional: 0.95 })).toEqual(['holds', 'does not hold']);
  // a plain network that wins makes the article no truer
  expect(verdicts({ ...better, plain: 0.99, conventional: 0.95 })).toEqual(['holds', 'does not hold']);
  expect(verdicts({ residual: 0.7, dense: 0.7, plain: 0.7, conventional: 0.7, linear: 0.7 })).toEqual(['open', 'open']);
});

it('calls the training the same where nothing but the network differs', () => {
  const verdict = (...keys: string[]) => sameTraining.answer([accuracies(better, keys)]).verdict;
  expect(verdict('model', 'modelOptions')).toBe('holds');
  expect(verdict('model', 'epochs')).toBe('does not hold');
});

function fitted(depth: number, train: number, test: number): OverfittingRun {
  const of = (top1: number, total: number) => ({ loss: null, top1, total });
  return {
    network: `resnet${depth}`,
    depth,
    condition: 'none',
    params: 1,
    train: of(train, 100),
    test: of(test, 1000),
  };
}

it('tells a closer fit from worse answers to new images', () => {
  const verdict = (shallow: OverfittingRun, deep: OverfittingRun) =>
    overfittingClaim.answer([{ runs: [shallow, deep] }]).verdict;
  expect(verdict(fitted(8, 0.95, 0.8), fitted(20, 1, 0.7))).toBe('holds');
  expect(verdict(fitted(8, 0.8, 0.75), fitted(20, 1, 0.75))).toBe('in part');
  expect(verdict(fitted(8, 1, 0.7), fitted(20, 1, 0.8))).toBe('does not hold');
  expect(verdict(fitted(8, 1, 0.75), fitted(20, 1, 0.76))).toBe('open');
  // the deeper one has learnt nothing, and so has no gap
  expect(verdict(fitted(8, 1, 0.7), fitted(20, 0.1, 0.1))).toBe('open');
});

/** @param power of memory by depth @param gain of accuracy from the smallest to the largest */
const sweep = (kind: SizedRun['kind'], power: number, gain: number): SizedRun[] =>
  [8, 16, 32].map((depth, at) => ({
    kind,
    by: 'depth',
    depth,
    width: 1,
    memoryBytes: depth ** power,
    recomputedBytes: depth,
    record: {
      network: `${kind}${depth}`,
      test: { top1: 0.6 + (gain * at) / 2, total: 1000 },
      params: depth,
      macs: depth,
      imagesPerSecond: 1 / depth,
      trainTop1: 0.9,
    },
  }));

it('weighs what dense networks gain against what they cost', () => {
  const verdict = (power: number, gain: number) =>
    scalingClaim.answer([{ classes: 10, runs: [...sweep('residual', 1, 0.2), ...sweep('dense', power, gain)] }])
      .verdict;
  expect(verdict(1.5, 0)).toBe('holds');
  expect(verdict(1, 0)).toBe('in part');
  expect(verdict(1.5, 0.2)).toBe('in part');
  expect(verdict(1, 0.2)).toBe('open');
  expect(verdict(1, 0.39)).toBe('does not hold');
  // falls from 60 % to a guess
  expect(verdict(1.5, -0.5)).toBe('open');
});

it('names where every number that was not measured here is from', () => {
  for (const { value, source } of conventional.answer([accuracies(better)]).numbers)
    expect(source !== undefined || [2000, 1000].includes(value ?? 0) || (value ?? 0) < 0.83).toBe(true);
  expect(scalingClaim.answer([{ classes: 10, runs: [] }])).toMatchObject({ verdict: 'open', numbers: [] });
});
