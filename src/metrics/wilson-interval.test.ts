import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from './index.ts';

describe('wilsonInterval', () => {
  it.each([
    // The formula in 50 decimal digits.
    [9, 10, 0.95, 0.5958499732047615, 0.9821237869049271],
    [50, 100, 0.95, 0.4038315303659956, 0.5961684696340044],
    [0, 20, 0.95, 0, 0.1611251580528194],
  ])('covers %i of %i at confidence %d', (correct, total, confidence, low, high) => {
    const interval = wilsonInterval(correct, total, confidence);
    expect(interval.low).toBeCloseTo(low, 12);
    expect(interval.high).toBeCloseTo(high, 12);
  });

  it('inverts the normal distribution at every usual confidence', () => {
    // For p = 0 the interval ends at z² / (n + z²), which gives z back.
    const quantile = (confidence: number) => {
      const { high } = wilsonInterval(0, 10, confidence);
      return Math.sqrt((10 * high) / (1 - high));
    };
    expect(quantile(0.5)).toBeCloseTo(0.6744897501960817, 12);
    expect(quantile(0.6826894921370859)).toBeCloseTo(1, 12);
    expect(quantile(0.95)).toBeCloseTo(1.959963984540054, 12);
    expect(quantile(0.99)).toBeCloseTo(2.5758293035489, 12);
    expect(quantile(0.999999)).toBeCloseTo(4.89163847569875, 9);
  });

  it('stays within [0, 1], holds the measured accuracy, mirrors, and widens with confidence', () => {
    const counts = fc.integer({ min: 1, max: 100_000 }).chain((n) => fc.tuple(fc.nat({ max: n }), fc.constant(n)));
    fc.assert(
      fc.property(counts, ([correct, total]) => {
        const { low, high } = wilsonInterval(correct, total);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(correct / total);
        expect(high).toBeGreaterThanOrEqual(correct / total);
        expect(wilsonInterval(total - correct, total).high).toBeCloseTo(1 - low, 12);
        const wider = wilsonInterval(correct, total, 0.99);
        expect(wider.high - wider.low).toBeGreaterThan(high - low);
      }),
    );
  });

  it('knows nothing without data and refuses impossible counts', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(() => wilsonInterval(3, 2)).toThrow('expected whole numbers 0 <= correct <= total, got 3 of 2');
    expect(() => wilsonInterval(1, 2, 95)).toThrow('expected a confidence between 0 and 1, got 95');
  });
});
