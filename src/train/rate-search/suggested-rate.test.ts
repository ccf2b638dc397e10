import { describe, expect, it } from 'vitest';
import { hasRunAway, rateOf, rates, smoothed, suggestedRate } from './suggested-rate.ts';

const steps = Array.from({ length: rates.steps }, (_, step) => step);

describe('rates', () => {
  it('rise by the same factor from step to step', () => {
    expect(rateOf(0)).toBe(1e-6);
    expect(rateOf(99)).toBeCloseTo(10, 10);
    expect(rateOf(51) / rateOf(50)).toBeCloseTo(rateOf(1) / rateOf(0), 10);
  });
});

describe('smoothed', () => {
  it('leaves equal losses as they are, from the first on', () => {
    for (const loss of smoothed([2, 2, 2, 2])) expect(loss).toBeCloseTo(2, 12);
  });

  it('weighs the newest most', () => {
    expect(smoothed([1, 2])[1]).toBeCloseTo((0.9 * 1 + 2) / 1.9, 12);
  });
});

describe('suggestedRate', () => {
  it('is a tenth of the rate with the lowest loss', () => {
    // a valley around step 70
    const { suggested, curve, reason } = suggestedRate(steps.map((step) => 1 + Math.abs(step - 70) / 40));
    const lowest = curve.reduce((best, at) => (at.loss < best.loss ? at : best));
    expect(suggested).toBeCloseTo(lowest.lr / 10, 3);
    expect(lowest.lr).toBeGreaterThan(rateOf(70));
    expect(lowest.lr).toBeLessThan(rateOf(80));
    expect(reason).toContain('a tenth of');
  });

  it('is none where the loss stays or only grows', () => {
    expect(suggestedRate(steps.map(() => 2.3)).suggested).toBeUndefined();
    expect(suggestedRate(steps.map((step) => 2.3 + step)).suggested).toBeUndefined();
    expect(suggestedRate([2.3]).suggested).toBeUndefined();
    expect(suggestedRate([]).suggested).toBeUndefined();
  });
});

it('a loss has run away once its mean is four times the lowest', () => {
  const flat = Array.from({ length: 20 }, () => 1);
  expect(hasRunAway(flat)).toBe(false);
  expect(hasRunAway([...flat, 20])).toBe(false);
  expect(hasRunAway([...flat, 20, 30])).toBe(true);
});
