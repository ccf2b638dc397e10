import { describe, expect, it } from 'vitest';
import { Random } from '../tensor/index.ts';
import { pairedBootstrap } from './index.ts';

const interval = (b: number, c: number, total: number, seed: number | string = 0) =>
  pairedBootstrap({ b, c, total }, { random: new Random(seed) });

describe('pairedBootstrap', () => {
  it('has the ends of the distribution that NumPy draws', () => {
    // 200,000 draws of numpy.random.multinomial(600, [40, 22, 538] / 600): the percentiles 2.5 and 97.5 are 0.005 and 0.055
    const { low, high } = interval(40, 22, 600);
    expect(low).toBeCloseTo(0.005, 2);
    expect(high).toBeCloseTo(0.055, 2);
  });

  it('is as wide as the variance of a paired difference says', () => {
    // Var = (b + c − (b − c)² / n) / n² (McNemar 1947)
    const [b, c, n] = [700, 500, 10_000];
    const { low, high } = interval(b, c, n);
    const deviation = Math.sqrt(b + c - (b - c) ** 2 / n) / n;
    expect((high - low) / (2 * 1.96 * deviation)).toBeCloseTo(1, 1);
    expect((high + low) / 2).toBeCloseTo((b - c) / n, 3);
  });

  it('gives the same numbers for the same seed, and changes sign with the order', () => {
    expect(interval(30, 12, 200)).toEqual(interval(30, 12, 200));
    expect(interval(12, 30, 200).low).toBeCloseTo(-interval(30, 12, 200).high, 2);
  });

  it('holds also where all images differ, or none', () => {
    expect(interval(10, 0, 10)).toEqual({ low: 1, high: 1 });
    expect(interval(0, 0, 10)).toEqual({ low: 0, high: 0 });
    const { low, high } = interval(5, 5, 10);
    expect(low).toBeLessThan(-0.3);
    expect(high).toBeGreaterThan(0.3);
  });

  it('refuses impossible counts', () => {
    expect(() => interval(6, 5, 10)).toThrow('pairedBootstrap: expected b + c <= total images, but got 6 + 5 of 10');
    expect(() => interval(0, 0, 0)).toThrow('got 0 + 0 of 0');
    expect(() => pairedBootstrap({ b: 1, c: 1, total: 9 }, { random: new Random(0), resamples: 5 })).toThrow(
      'expected 100 resamples or more',
    );
  });
});
