import { describe, expect, it } from 'vitest';
import { mcNemar } from './index.ts';

describe('mcNemar', () => {
  it('is exact where few images decide', () => {
    // binom.test(46, 55) of R: 4.336383137e-07
    expect(mcNemar(46, 9).p).toBeCloseTo(4.336383137e-7, 15);
    // 2 · (1 + 12) / 2¹², by hand
    expect(mcNemar(1, 11)).toEqual({ b: 1, c: 11, p: 26 / 4096, method: 'exact' });
    expect(mcNemar(11, 1).p).toBe(26 / 4096);
  });

  it('has the continuity correction where it is approximate', () => {
    // mcnemar.test(matrix(c(26, 7, 15, 37), 2)) of R: χ² = 2.2273, p = 0.135593
    expect(mcNemar(15, 7, { method: 'chi-square' }).p).toBeCloseTo(0.135593, 6);
    // Approval of a president in two surveys (Agresti, Categorical Data Analysis, 1990, p. 350): 150 and 86 changed their minds.
    // χ² = (64 − 1)² / 236 = 16.8178; scipy.stats.chi2.sf gives 4.1145e-05
    expect(mcNemar(150, 86, { method: 'chi-square' }).p).toBeCloseTo(4.1145e-5, 8);
  });

  it('hardly changes where the approximation takes over', () => {
    const [exact, approximate] = (['exact', 'chi-square'] as const).map((method) => mcNemar(530, 470, { method }).p);
    expect(Math.abs((exact as number) - (approximate as number))).toBeLessThan(1e-4);
    expect(mcNemar(530, 471).method).toBe('chi-square');
    expect(mcNemar(0, 1000).p).toBeCloseTo(2 ** -999, 300);
    expect(mcNemar(0, 1000).p).toBeGreaterThan(0);
  });

  it('sees no difference where there is none', () => {
    for (const [b, c] of [
      [0, 0],
      [5, 5],
      [600, 600],
    ] as const)
      expect(mcNemar(b, c).p).toBe(1);
  });

  it('refuses what is no count', () => {
    expect(() => mcNemar(-1, 2)).toThrow('mcNemar: expected counts of images, but got -1 and 2');
    expect(() => mcNemar(600, 600, { method: 'exact' })).toThrow('expected at most 1000 images for the exact test');
  });
});
