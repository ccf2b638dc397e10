import { describe, expect, it } from 'vitest';
import { type Curve, commonTarget, compareSpeed, firstAt, speedVerdict } from './steps-to.ts';

const curve = (seed: number, ...accuracies: number[]): Curve => ({
  seed,
  points: accuracies.map((top1, i) => ({ step: 10 * i, seconds: i, top1 })),
});

describe('steps to an accuracy', () => {
  it('counts to the first measurement that has it', () => {
    const one = curve(0, 0.1, 0.5, 0.4, 0.7);
    expect(firstAt(one, 0.5)?.step).toBe(10);
    expect(firstAt(one, 0.6)?.step).toBe(30);
    expect(firstAt(one, 0.8)).toBeUndefined();
  });

  it('takes the largest target that all come to', () => {
    expect(commonTarget([curve(0, 0.1, 0.78), curve(1, 0.83, 0.2)])).toBeCloseTo(0.75);
    for (let i = 1; i < 20; i++) expect(firstAt(curve(0, i / 20), commonTarget([curve(0, i / 20)]))).toBeDefined();
    expect(commonTarget([curve(0, 0.15)])).toBe(0.15);
    expect(commonTarget([curve(0, 0.04), curve(1, 0.9)])).toBe(0);
  });

  it('compares two ways seed by seed', () => {
    const slow = [curve(0, 0.2, 0.3, 0.6, 0.8), curve(1, 0.2, 0.3, 0.4, 0.82), curve(2, 0.2, 0.3, 0.5, 0.8)];
    const fast = [curve(0, 0.2, 0.8, 0.8, 0.9), curve(1, 0.2, 0.8, 0.8, 0.92), curve(2, 0.2, 0.8, 0.8, 0.9)];
    const found = compareSpeed(slow, fast, 2);
    expect(found.target).toBeCloseTo(0.8);
    expect(found.steps).toEqual({ slow: 30, fast: 10 });
    expect(found.seconds).toEqual({ slow: 3, fast: 1 });
    // all pairs differ by 20: the deviation is that of the grain, 1
    expect(found.saved.mean).toBe(20);
    expect(found.saved.t).toBeCloseTo(20 * Math.sqrt(3));
    expect(found.gained.mean).toBeCloseTo(0.1);
    expect(speedVerdict(found)).toBe('faster');
    expect(speedVerdict(compareSpeed(fast, slow, 2))).toBe('slower');
    expect(speedVerdict(compareSpeed(slow, slow, 2))).toBe('unclear');
    expect(() => compareSpeed(slow, fast.slice(1), 2)).toThrow('the same seeds');
  });
});
