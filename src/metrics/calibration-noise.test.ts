import { describe, expect, it } from 'vitest';
import { Random } from '../tensor/index.ts';
import { calibrationNoise } from './index.ts';

describe('calibrationNoise', () => {
  it('is the mean deviation of a binomial share where all confidences are equal', () => {
    // one bin: E|X/n − p| = 2 p q · C(n−1, k−1) pᵏ⁻¹ qⁿ⁻ᵏ, k = ⌊np⌋ + 1 (de Moivre's identity; Diaconis and Zabell 1991);
    // for n = 10, p = 0.8: k = 9, 2 · 0.16 · C(9, 8) · 0.8⁸ · 0.2 = 0.0966
    const confidences = new Float64Array(10).fill(0.8);
    const { mean } = calibrationNoise(confidences, { random: new Random(1), draws: 40_000 });
    expect(mean).toBeCloseTo(2 * 0.16 * 9 * 0.8 ** 8 * 0.2, 3);
  });

  it('falls as the root of the number of images, and is 0 where nothing is in doubt', () => {
    const noise = (images: number) =>
      calibrationNoise(
        Float64Array.from({ length: images }, (_, i) => 0.5 + (0.5 * i) / images),
        { random: new Random('noise') },
      );
    expect(noise(400).mean / noise(6400).mean).toBeCloseTo(4, 0);
    expect(noise(400).high).toBeGreaterThan(noise(400).mean);
    expect(calibrationNoise(new Float64Array(50).fill(1), { random: new Random(0) })).toEqual({ mean: 0, high: 0 });
    expect(calibrationNoise(new Float64Array(0), { random: new Random(0) }).mean).toBeNaN();
  });

  it('refuses an impossible number of draws', () => {
    expect(() => calibrationNoise(new Float64Array(1), { random: new Random(0), draws: 0 })).toThrow(
      'calibrationNoise: expected `draws` to be a whole number of at least 1, but got 0',
    );
  });
});
