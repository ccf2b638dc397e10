import { expect, it } from 'vitest';
import { fineTuning } from './fine-tuning/index.ts';
import { type MeasuredRun, predictedSeconds } from './predicted-time.ts';

const measured: MeasuredRun = {
  startSeconds: 2,
  times: {
    stepsPerEpoch: 10,
    step: new Map([['', 3]]),
    firstStepMore: 1,
    validation: 5,
    firstValidationMore: 4,
    saving: 0.5,
    opening: 0,
    closing: 7,
  },
  secondsPerImage: 0.1,
  images: 100,
};

it('a run takes its start, steps, of which the first read the images, its validations, checkpoints and the end', () => {
  expect(predictedSeconds(measured, { epochs: 3 })).toBeCloseTo(2 + 30 * 3 + 10 * 1 + 3 * 5.5 + 4 + 7);
});

it('fine-tuning computes the features of all images twice besides, and looks what more images would bring', () => {
  const plain = predictedSeconds(measured, { epochs: 3 });
  expect(predictedSeconds(measured, { epochs: 3, fineTune: fineTuning.all() })).toBeCloseTo(plain + 2 * 10 + 20);
});

it('a run without a number of epochs has the usual ones', () => {
  expect(predictedSeconds(measured, {})).toBeCloseTo(predictedSeconds(measured, { epochs: 30 }));
});
