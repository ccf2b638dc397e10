import { expect, it } from 'vitest';
import { adviceFor } from './advice.ts';

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
