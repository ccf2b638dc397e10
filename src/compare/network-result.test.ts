import { expect, test } from 'vitest';
import type { KeptNetwork, KeptRun } from './comparison-state.ts';
import { commonAccuracy, networkResults, secondsTo } from './network-result.ts';
import type { RunOutcome } from './run-outcome.ts';

const outcome = (correct: number, validation: readonly number[], seconds: number): RunOutcome => ({
  stopped: 'finished',
  epochs: validation.map((top1, i) => ({
    epoch: i + 1,
    train: { loss: 1, top1 },
    validation: { loss: 1, top1 },
    seconds,
  })),
  steps: 1,
  best: { epoch: 1, top1: Math.max(...validation) },
  score: { split: 'test', loss: 1, top1: correct / 100, correct, total: 100 },
  seconds: seconds * validation.length,
  imagesPerSecond: 100 / seconds,
  peakBytes: 1000 * seconds,
  processBytes: 500,
  engine: 'evaluator',
  precision: 'float64',
  threads: 1,
});
const network = (name: string, macs: number): KeptNetwork => ({ name, params: macs, macs, config: {} });
const run = (network: string, seed: number, outcome?: RunOutcome): KeptRun => ({
  network,
  seed,
  folder: `${network}-${seed}`,
  seconds: 0,
  ...(outcome && { outcome }),
});

test('the time to an accuracy ends with the first epoch that has it', () => {
  const { epochs } = outcome(0, [0.2, 0.6, 0.5, 0.8], 3);
  expect([0.2, 0.3, 0.6, 0.7].map((share) => secondsTo({ epochs }, share))).toEqual([3, 6, 6, 12]);
  expect(secondsTo({ epochs }, 0.9)).toBeUndefined();
});

test('means are over seeds, with Student’s interval, and the time is to what the worst training reached', () => {
  const outcomes = [outcome(80, [0.5, 0.9], 2), outcome(84, [0.7, 0.8], 4)];
  const slow = outcome(90, [0.4, 0.6], 10);
  expect(commonAccuracy([...outcomes, slow])).toBe(0.6);
  const [small, large, none] = networkResults(
    [network('small', 10), network('large', 20), network('none', 5)],
    [run('small', 0, outcomes[0]), run('large', 0, slow), run('none', 0), run('small', 1, outcomes[1])],
    ({ folder }) => `at/${folder}`,
  );
  // 0.82 ± 12.7062 · 0.0283 / √2
  expect(small?.top1?.mean).toBeCloseTo(0.82, 12);
  expect(small?.top1?.low).toBeCloseTo(0.82 - 12.706204736 * 0.02, 9);
  expect(small?.top1).toMatchObject({ high: 1, over: 'seeds' });
  expect(small).toMatchObject({ seeds: 2, epochs: 2, seconds: 6, secondsToTarget: 4, peakBytes: 4000 });
  expect(small?.imagesPerSecond).toBeCloseTo(37.5, 12);
  // Wilson's interval of 90 in 100
  expect(large?.top1).toMatchObject({ mean: 0.9, over: 'images' });
  expect(large?.top1?.low).toBeCloseTo(0.8256, 4);
  expect(large?.secondsToTarget).toBe(20);
  expect([small?.pareto, large?.pareto]).toEqual([
    { macs: true, params: true, seconds: true },
    { macs: true, params: true, seconds: true },
  ]);
  expect(none).toMatchObject({ name: 'none', seeds: 0, pareto: { macs: false, params: false, seconds: false } });
  expect(none?.top1).toBeUndefined();
  expect(small?.runs.map(({ folder }) => folder)).toEqual(['at/small-0', 'at/small-1']);
});
