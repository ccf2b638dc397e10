import { expect, it } from 'vitest';
import { adviceFor } from './advice.ts';
import { fineTuning } from './fine-tuning/index.ts';
import { type MeasuredSteps, predictedSeconds } from './predicted-time.ts';

const square = (side: number, isScaled = true) => ({ size: { height: side, width: side + 10 }, isScaled });

it('photographs go on from weights that are there, at a size that the network halves evenly', () => {
  expect(adviceFor(square(400), true)).toMatchObject({ model: 'resnet18', imageSize: 224, weights: 'imagenet' });
  expect(adviceFor(square(150), true)).toMatchObject({ imageSize: 128, fineTune: 'all' });
  expect(adviceFor(square(70), true).imageSize).toBe(96);
});

it('without weights they train small', () => {
  const advice = adviceFor(square(400), false);
  expect(advice).toMatchObject({ model: 'resnet20', imageSize: 64, weights: 'none', fineTune: undefined });
});

it('small images keep about their size, and those of one size keep it', () => {
  expect(adviceFor(square(28), true)).toMatchObject({ model: 'resnet20', imageSize: 32 });
  expect(adviceFor(square(64), true)).toMatchObject({ model: 'resnet20', imageSize: 64 });
  expect(adviceFor(square(32, false), true)).toMatchObject({ model: 'resnet20', imageSize: undefined });
});

const measured: MeasuredSteps = { startSeconds: 2, secondsPerImage: 0.3, waiting: 0, training: 100, validation: 10 };

it('a run takes its start, its epochs with their validation, and two tests', () => {
  // 2 + 3 · (100 · 0.3 + 10 · 0.1) + 2 · 20 · 0.1
  expect(predictedSeconds(measured, { epochs: 3 }, 20)).toBeCloseTo(2 + 3 * 31 + 4);
});

it('fine-tuning computes the features of all images once besides', () => {
  const fineTune = fineTuning.all();
  expect(predictedSeconds(measured, { epochs: 3, fineTune }, 0)).toBeCloseTo(2 + 11 + 3 * 31);
});

it('where steps wait for images, so do evaluations', () => {
  expect(predictedSeconds({ ...measured, waiting: 1 }, { epochs: 1 }, 0)).toBeCloseTo(2 + 110 * 0.3);
});
