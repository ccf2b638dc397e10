import { describe, expect, it } from 'vitest';
import { Random } from '../../tensor/index.ts';
import { confidenceFit, disagreement, shareRight } from './reliability.ts';

describe('reliability', () => {
  it('measures how far confidence is from accuracy, beside what chance alone gives', () => {
    const random = new Random(1);
    const sure = { confidences: Float64Array.of(0.9, 0.9, 0.9, 0.9), correct: Uint8Array.of(1, 1, 0, 0) };
    const fit = confidenceFit(sure, random);
    expect(fit).toMatchObject({ accuracy: 0.5 });
    expect(fit.error).toBeCloseTo(0.4);
    // four answers at 0.9: |k / 4 − 0.9| with k binomial: 0.6561 · 0.1 + 0.2916 · 0.15 + 0.0486 · 0.4 + 0.0036 · 0.65 + 0.0001 · 0.9
    expect(fit.chance.mean).toBeGreaterThan(0.12);
    expect(fit.chance.mean).toBeLessThan(0.143);
    const right = { confidences: Float64Array.of(1, 1), correct: Uint8Array.of(1, 1) };
    expect(confidenceFit(right, random)).toMatchObject({ error: 0, chance: { mean: 0, high: 0 } });
  });

  it('counts images on which two networks disagree, over all pairs', () => {
    expect(
      disagreement([
        [1, 2, 3, 4],
        [1, 2, 3, 0],
      ]),
    ).toBe(0.25);
    // pairs differ in one, two and three of four
    expect(
      disagreement([
        [1, 2, 3, 4],
        [1, 2, 3, 0],
        [0, 0, 3, 4],
      ]),
    ).toBeCloseTo((1 + 2 + 3) / 12);
    expect(disagreement([[1]])).toBeNaN();
    expect(() => disagreement([[1], [1, 2]])).toThrow('got 1 and 2');
  });

  it('takes the share of corruptions that leave an answer right, image by image', () => {
    expect(
      shareRight([
        [1, 0, 1],
        [1, 0, 0],
      ]),
    ).toEqual([1, 0, 0.5]);
  });
});
