import { expect, it } from 'vitest';
import { prefersWinograd } from './winograd.ts';

const map = [16, 64, 14, 14];

it('takes Winograd where many channels are summed over', () => {
  expect(prefersWinograd('forwardTraining', [16, 32, 3, 3], map)).toBe(true);
  expect(prefersWinograd('forwardTraining', [32, 16, 3, 3], map)).toBe(false);
  // the gradient by the input sums over the outputs
  expect(prefersWinograd('backwardData', [32, 16, 3, 3], map)).toBe(true);
  expect(prefersWinograd('backwardData', [16, 32, 3, 3], map)).toBe(false);
  expect(prefersWinograd('backwardWeights', [32, 128, 3, 3], map)).toBe(true);
  expect(prefersWinograd('backwardWeights', [32, 32, 3, 3], map)).toBe(false);
});

it('leaves other windows, and maps smaller than its tiles, alone', () => {
  expect(prefersWinograd('forwardTraining', [64, 64, 1, 1], map)).toBe(false);
  expect(prefersWinograd('forwardTraining', [64, 64, 7, 7], map)).toBe(false);
  expect(prefersWinograd('forwardTraining', [64, 64, 3, 3], [16, 64, 4, 4])).toBe(false);
});
