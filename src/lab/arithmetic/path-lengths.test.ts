import { describe, expect, it } from 'vitest';
import { carriedShares, factorPerBranch, meanLength, pathShares, shareIn, shortestRange } from './path-lengths.ts';

describe('the lengths of paths', () => {
  it('are binomial', () => {
    expect(pathShares(4)).toEqual([1, 4, 6, 4, 1].map((n) => n / 16));
    const shares = pathShares(54);
    expect(shares.reduce((sum, x) => sum + x, 0)).toBeCloseTo(1, 12);
    expect(meanLength(shares)).toBeCloseTo(27, 10);
    // Veit et al. 2016, §5: more than 95 % of the paths of 54 blocks go through 19 to 35
    expect(shareIn(shares, { from: 19, to: 35 })).toBeGreaterThan(0.95);
  });

  it('that carry the gradient are binomial too where each branch takes the same share of it', () => {
    const [blocks, factor] = [20, 0.25];
    const magnitudes = Array.from({ length: blocks + 1 }, (_, k) => 3 * factor ** k);
    // Σ C(n, k) rᵏ xᵏ = (1 + r x)ⁿ: n trials with chance r / (1 + r)
    const carried = carriedShares(pathShares(blocks), magnitudes);
    expect(meanLength(carried)).toBeCloseTo((blocks * factor) / (1 + factor), 10);
    expect(carried[0]).toBeCloseTo((1 / (1 + factor)) ** blocks, 12);
    expect(factorPerBranch(magnitudes)).toBeCloseTo(factor, 12);
  });

  it('have a shortest run that holds most of them', () => {
    expect(shortestRange([0.01, 0.5, 0.46, 0.03])).toEqual({ from: 1, to: 2 });
    expect(shortestRange([0.02, 0.02, 0.01, 0.95])).toEqual({ from: 3, to: 3 });
    expect(shortestRange([0.25, 0.25, 0.25, 0.25])).toEqual({ from: 0, to: 3 });
  });
});
