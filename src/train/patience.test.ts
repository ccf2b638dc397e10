import { expect, test } from 'vitest';
import { isOutOfPatience } from './patience.ts';

const phase = (epochs: number) => ({ name: '', epochs, freeze: [], rates: [], isOnFeatures: false });
/** After `epoch` epochs, of which `best` was the first with the highest accuracy. */
const at = (epoch: number, best: number) => ({
  epoch,
  history: Array.from({ length: epoch }, (_, i) => {
    const score = { loss: 1, top1: i + 1 === best ? 0.5 : 0.4, correct: 4, total: 10 };
    return { epoch: i + 1, train: score, validation: score, lr: 0.1 };
  }),
});

test('so many epochs after the best one a run has waited long enough', () => {
  const settings = { patience: 3, phases: [phase(10)], epochs: 10 };
  expect(isOutOfPatience(settings, at(0, 0))).toBe(false);
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
  // whatever the head reached before: of its own epochs the first one is the best
  expect(isOutOfPatience(settings, at(7, 1))).toBe(false);
  expect(isOutOfPatience(settings, at(8, 1))).toBe(true);
  expect(isOutOfPatience(settings, at(8, 7))).toBe(false);
});
