import { describe, expect, it } from 'vitest';
import { type MeasuredTimes, secondsFor, stepsWithin } from './steps-within.ts';

const times: MeasuredTimes = {
  stepsPerEpoch: 10,
  step: new Map([['', 2]]),
  firstStepMore: 1,
  validation: 5,
  firstValidationMore: 3,
  saving: 0.5,
  opening: 4,
  closing: 7,
};
const one = (epochs: number) => [{ name: '', epochs }];

describe('secondsFor', () => {
  it('counts steps, those of the first epoch for more, a validation and checkpoints for each epoch, and the end', () => {
    expect(secondsFor(10, times, one)).toBe(10 * 2 + 10 + 5 + 0.5 + 3 + 7);
    expect(secondsFor(25, times, one)).toBe(25 * 2 + 10 + 3 * 5.5 + 3 + 7);
  });

  it('gives each phase its own steps, and the last one what is left', () => {
    const phases = (epochs: number) => [
      { name: 'stage4 on', epochs: 1 },
      { name: 'all', epochs: epochs - 1 },
    ];
    const step = new Map([
      ['stage4 on', 1],
      ['all', 3],
    ]);
    expect(secondsFor(25, { ...times, step }, phases)).toBe(10 * 1 + 15 * 3 + 10 + 3 * 5.5 + 3 + 4 + 7);
  });

  it('takes a phase that was not measured for the slowest that was', () => {
    expect(secondsFor(5, times, () => [{ name: 'another', epochs: 1 }])).toBe(secondsFor(5, times, one));
  });
});

describe('stepsWithin', () => {
  it.each([40, 45.4, 45.5, 52, 53.1, 100, 1e5])('finds the most steps that fit %d seconds', (seconds) => {
    const steps = stepsWithin(seconds, times, one);
    expect(secondsFor(steps, times, one)).toBeLessThanOrEqual(seconds);
    expect(secondsFor(steps + 1, times, one)).toBeGreaterThan(seconds);
  });

  it('stays within the epochs that were asked for', () => {
    expect(stepsWithin(1e5, times, one, 30)).toBe(30);
  });

  it('is one step at least', () => {
    expect(stepsWithin(-5, times, one)).toBe(1);
    expect(stepsWithin(1, times, one)).toBe(1);
  });
});
