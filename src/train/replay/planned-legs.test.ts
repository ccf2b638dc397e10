import { expect, test } from 'vitest';
import { fewestSteps, plannedLegs } from './planned-legs.ts';

const recorded = { points: [0, 40, 80, 200], losses: [50, 100, 150, 200, 250] };

test('where all is near, one leg goes from the start to the last recorded loss', () => {
  expect(plannedLegs(recorded, 250)).toEqual([{ from: 0, to: 250 }]);
  expect(plannedLegs(recorded, Number.POSITIVE_INFINITY)).toEqual([{ from: 0, to: 250 }]);
});

test('the shortest stretches are taken whole, and of the others as much as leads to a loss', () => {
  expect(plannedLegs(recorded, 80)).toEqual([{ from: 0, to: 80 }]);
  expect(plannedLegs(recorded, 130)).toEqual([
    { from: 0, to: 80 },
    { from: 200, to: 250 },
  ]);
  expect(plannedLegs(recorded, 160)).toEqual([
    { from: 0, to: 100 },
    { from: 200, to: 250 },
  ]);
});

test('a stretch that is too long is taken up to its last loss that is near enough', () => {
  expect(plannedLegs({ points: [0, 1000], losses: [50, 100, 150] }, 120)).toEqual([{ from: 0, to: 100 }]);
  expect(plannedLegs({ points: [0, 1000], losses: [50, 100, 150] }, 49)).toEqual([]);
});

test('a run without a checkpoint is compared by its losses', () => {
  expect(plannedLegs({ points: [0], losses: [50] }, 60)).toEqual([{ from: 0, to: 50 }]);
  expect(fewestSteps({ points: [0], losses: [] })).toBeUndefined();
});

test('the fewest steps lead from a checkpoint to the next thing that is recorded', () => {
  expect(fewestSteps(recorded)).toBe(10);
});

test('two checkpoints of one step are one place', () => {
  expect(plannedLegs({ points: [0, 10, 10], losses: [] }, 10)).toEqual([{ from: 0, to: 10 }]);
});
