import { expect, test } from 'vitest';
import { isOutOfPatience } from './patience.ts';

const phase = (epochs: number) => ({ name: '', epochs, freeze: [], rates: [], isOnFeatures: false });
const at = (epoch: number, best: number) => ({ epoch, best: { epoch: best, top1: 0.5 } });

test('so many epochs after the best one a run has waited long enough', () => {
  const settings = { patience: 3, phases: [phase(10)], epochs: 10 };
  expect(isOutOfPatience(settings, { epoch: 0, best: undefined })).toBe(false);
  expect(isOutOfPatience(settings, at(4, 2))).toBe(false);
  expect(isOutOfPatience(settings, at(5, 2))).toBe(true);
  expect(isOutOfPatience({ ...settings, patience: undefined }, at(9, 1))).toBe(false);
});

test('a run at its end has not been stopped', () => {
  expect(isOutOfPatience({ patience: 3, phases: [phase(10)], epochs: 10 }, at(10, 2))).toBe(false);
});

test('only epochs of the last phase count', () => {
  const settings = { patience: 2, phases: [phase(5), phase(10)], epochs: 15 };
  expect(isOutOfPatience(settings, at(4, 1))).toBe(false);
  expect(isOutOfPatience(settings, at(5, 1))).toBe(false);
  expect(isOutOfPatience(settings, at(6, 1))).toBe(false);
  expect(isOutOfPatience(settings, at(7, 1))).toBe(true);
  expect(isOutOfPatience(settings, at(7, 6))).toBe(false);
});
