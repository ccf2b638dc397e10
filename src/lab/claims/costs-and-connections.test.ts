import { expect, test } from 'vitest';
import type { AccuracyResult, Role } from '../experiments/accuracy-result.ts';
import type { MemoryResult } from '../experiments/memory-result.ts';
import type { ReuseResult } from '../experiments/reuse-result.ts';
import { denseConnections } from './dense-connections.ts';
import { parametersAndCost } from './parameters-and-cost.ts';

const trained = (dense: readonly number[], residual: readonly number[], denseParams = 100): AccuracyResult => {
  const runs = (role: Role, network: string, params: number, top1s: readonly number[]) =>
    top1s.map((top1, seed) => ({
      role,
      network,
      seed,
      test: { loss: 1, top1, total: 1000 },
      trainTop1: top1,
      params,
      macs: 10,
    }));
  return {
    runs: [...runs('dense', 'densenet', denseParams, dense), ...runs('residual', 'resnet', 200, residual)],
    classes: 10,
    recipe: [],
    differences: [],
  };
};
/** Three layers; the oldest part of the deepest one has `early` times the others' weight, and those of the second differ by `uneven` each way. */
const reused = (early: number, uneven = 0.2): ReuseResult => {
  const reading = (number: number | null, weights: readonly number[]) => ({
    layer: 'x',
    number,
    weights,
    counts: weights.map(() => 1e6),
  });
  return {
    networks: [
      {
        name: 'densenet',
        isOwn: false,
        blocks: [[reading(1, [1]), reading(2, [1 + uneven, 1 - uneven]), reading(3, [early, 1, 1])]],
      },
    ],
  };
};
const verdict = (...results: readonly [AccuracyResult, ReuseResult]) => denseConnections.answer(results).verdict;

test('dense connections hold with fewer parameters, no less accuracy and early features', () => {
  const better = trained([0.81, 0.8, 0.82], [0.7, 0.71, 0.72]);
  const worse = trained([0.7, 0.71, 0.72], [0.81, 0.8, 0.82]);
  const unlike = trained([0.6, 0.9, 0.7], [0.8, 0.7, 0.75]);
  expect(verdict(better, reused(0.9))).toBe('holds');
  expect(verdict(better, reused(0.1))).toBe('in part');
  expect(verdict(worse, reused(0.9))).toBe('in part');
  expect(verdict(worse, reused(0.1))).toBe('does not hold');
  expect(verdict(unlike, reused(0.1))).toBe('open');
  expect(verdict(trained([0.81, 0.8, 0.82], [0.7, 0.71, 0.72], 300), reused(0.1))).toBe('does not hold');
  // where weights do not tell what is read, nothing follows from worse answers alone
  expect(verdict(worse, reused(1, 1e-3))).toBe('open');
  expect(verdict(better, reused(1, 1e-3))).toBe('in part');
  const guessing = [0.1, 0.101, 0.1];
  expect(verdict(trained(guessing, guessing), reused(0.9))).toBe('open');
  const [first] = denseConnections.answer([better, reused(0.9)]).numbers;
  expect(first).toMatchObject({ value: 100, format: 'count' });
});

const large = (name: string, params: number, macs: number, top1: number) => ({
  name,
  params,
  macs,
  activationBytes: 1,
  traffic: { bytes: params, joining: 0 },
  published: { top1 },
});
const least = { seconds: 0.01, peakBytes: 1e8 };

test('what the article says of costs falls with both counts, and is in part so with one', () => {
  const of = (...networks: readonly ReturnType<typeof large>[]) =>
    parametersAndCost.answer([{ least, networks: [], large: networks } satisfies MemoryResult]).verdict;
  const residual = large('resnet50', 25, 4, 76.1);
  expect(of(residual, large('densenet169', 14, 3, 75.6))).toBe('does not hold');
  expect(of(residual, large('densenet169', 14, 5, 75.6))).toBe('in part');
  expect(of(residual, large('densenet169', 30, 5, 75.6))).toBe('holds');
  expect(of(residual, large('densenet169', 14, 3, 70))).toBe('open');
});
