/** What claims 8, 10 and 12 answer from made-up numbers: each of the cases that they tell apart. */
import { expect, it } from 'vitest';
import type { MapScore } from '../arithmetic/map-scores.ts';
import type { Curve } from '../arithmetic/steps-to.ts';
import type { InterpretabilityResult } from '../experiments/interpretability-result.ts';
import type { ReliabilityResult } from '../experiments/reliability-result.ts';
import type { TransferResult } from '../experiments/transfer-result.ts';
import { interpretabilityClaim } from './interpretability.ts';
import { reliabilityClaim } from './reliability.ts';
import { transferClaim } from './transfer.ts';

const noise = [0.01, -0.01, 0.02, -0.02, 0];

/** @param gains of insertion and deletion over random maps */
function mapped(
  network: string,
  insertion: number,
  deletion: number,
  noisy = 1,
): InterpretabilityResult['networks'][number] {
  const map = (own: number): MapScore => ({
    insertion: 0.5 + insertion + noisy * own,
    deletion: 0.5 - deletion,
    random: { insertion: 0.5, deletion: 0.5 },
  });
  return { network, top1: 0.8, images: noise.map((own) => ({ probability: 0.9, isRight: true, maps: [map(own)] })) };
}

it('says whether maps of dense networks tell less, more, both, or that it cannot be told', () => {
  const verdict = (insertion: number, deletion: number, noisy?: number, classes = 10) =>
    interpretabilityClaim.answer([
      {
        classes,
        methods: ['Grad-CAM'],
        networks: [mapped('resnet20', 0.1, 0.1), mapped('densenet-bc40-k12', insertion, deletion, noisy)],
      },
    ]).verdict;
  expect(verdict(0, 0.1, 2)).toBe('holds');
  expect(verdict(0.2, 0.1, 2)).toBe('does not hold');
  expect(verdict(0.2, 0)).toBe('in part');
  expect(verdict(0.101, 0.1, 2)).toBe('open');
  // 80 % right is what guessing comes to of 1.25 classes
  expect(verdict(0, 0.1, 2, 1.25)).toBe('open');
});

function relied(
  network: string,
  clean: number,
  corrupted: number,
  length: number,
): ReliabilityResult['networks'][number] {
  const fit = { accuracy: clean, confidence: clean, error: 0.01, chance: { mean: 0.01, high: 0.02 } };
  const seeds = [0, 1].map((seed) => ({ seed, fit, temperature: 1, fitAfter: fit, answers: [1, seed] }));
  const images = Array.from({ length }, () => corrupted);
  return { network, seeds, corrupted: { clean, top1: [corrupted], images } };
}

it('says whether both lose on spoilt images, one of them, or neither', () => {
  const answer = (residual: number, dense: number, clean = 0.8, images = 20_000) =>
    reliabilityClaim.answer([
      {
        classes: 10,
        corruptions: ['fog'],
        networks: [relied('resnet20', clean, residual, images), relied('densenet', clean, dense, images)],
      },
    ]);
  expect(answer(0.6, 0.5).verdict).toBe('holds');
  expect(answer(0.6, 0.79).verdict).toBe('in part');
  expect(answer(0.8, 0.79).verdict).toBe('does not hold');
  expect(answer(0.8, 0.79, 0.8, 200).verdict).toBe('open');
  expect(answer(0.1, 0.1, 0.1).verdict).toBe('open');
  expect(answer(0.1, 0.1, 0.2).verdict).toBe('open');
  expect(answer(0.6, 0.5).numbers.at(3)).toMatchObject({ value: 0.5 });
});

/** Comes to 80 % after these steps, by seed. */
const curves = (...steps: number[]): Curve[] =>
  steps.map((at, seed) => ({
    seed,
    points: [0, 10, 20, 30, 60].map((step) => ({ step, seconds: step, top1: step >= at ? 0.8 : 0.1 })),
  }));

it('says whether both ways are faster, one of them, neither, or that it cannot be told', () => {
  const verdict = (tuned: Curve[], taught: Curve[]) => {
    const slow = curves(30, 30, 30);
    const result: TransferResult = {
      network: 'resnet8',
      every: 10,
      transfer: {
        ...{ from: ['a'], to: ['b'], images: 1, pretraining: { images: 1, steps: 1, seconds: 1, top1: 1 } },
        ...{ scratch: slow, tuned },
      },
      distillation: {
        ...{ temperature: 4, share: 0.9, images: 1, teacher: { network: 'resnet20', top1: 0.9, seconds: 1 } },
        ...{ answerSeconds: 1, alone: slow, taught },
      },
    };
    return transferClaim.answer([result]).verdict;
  };
  const [fast, same, slower, mixed] = [curves(10, 10, 10), curves(30, 30, 30), curves(60, 60, 60), curves(10, 30, 60)];
  expect(verdict(fast, fast)).toBe('holds');
  expect(verdict(fast, slower)).toBe('in part');
  expect(verdict(same, mixed)).toBe('open');
  expect(verdict(mixed, slower)).toBe('does not hold');
});
