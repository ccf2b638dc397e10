import { expect, it } from 'vitest';
import type { Curve } from '../arithmetic/steps-to.ts';
import type { TransferResult } from './transfer-result.ts';
import { showTransfer } from './transfer-shown.ts';

/** Comes to 80 % after these steps of a second each, by seed. */
const curves = (...steps: number[]): Curve[] =>
  steps.map((at, seed) => ({
    seed,
    points: [0, 10, 20, 30, 60].map((step) => ({ step, seconds: step, top1: step >= at ? 0.8 : 0.1 })),
  }));

/** What the finding says of transfer. @param before seconds of the training before */
function says(tuned: Curve[], before: number) {
  const slow = curves(30, 30, 30);
  const result: TransferResult = {
    network: 'resnet8',
    every: 10,
    transfer: {
      ...{ from: ['a', 'b'], to: ['c', 'd'], images: 1 },
      ...{ pretraining: { images: 1, steps: 1, seconds: before, top1: 1 }, scratch: slow, tuned },
    },
    distillation: {
      ...{ temperature: 4, share: 0.9, images: 1, teacher: { network: 'resnet20', top1: 0.9, seconds: 1 } },
      ...{ answerSeconds: 1, alone: slow, taught: slow },
    },
  };
  const [finding] = showTransfer(result).findings;
  return finding?.says as { en: string; zh: string };
}

it('says what fine-tuning saves beside the training before it, or that it saves nothing', () => {
  const fast = curves(10, 10, 10);
  expect(says(fast, 5).en).toContain('The training before took 5.0 s: the time saved is more than that.');
  expect(says(fast, 500).en).toContain('it saves time only where those weights are there already or used again.');
  expect(says(curves(60, 60, 60), 500).en).toContain('The training before took 500.0 s: no time is saved.');
  expect(says(curves(10, 30, 60), 500).en).toContain(
    'The training before took 500.0 s: no saving of time can be told.',
  );
});

it('says which way took fewer steps, and whose accuracy is less whose', () => {
  const { en, zh } = says(curves(10, 10, 10), 5);
  expect(en).toContain('20.0 fewer');
  expect(en).toContain('the accuracy fine-tuned, less that from scratch, is 0.0 points');
  expect(zh).toContain('前者少用 20.0 步');
  expect(zh).toContain('微调与从头训练的准确率之差为 0.0 个百分点');
});
