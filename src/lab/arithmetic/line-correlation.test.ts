import { describe, expect, it } from 'vitest';
import { Random } from '../../tensor/index.ts';
import { autocorrelation, brownNoise, meanCorrelation, spectrum, whiteNoise } from './line-correlation.ts';

const points = 256;
const repeats = 200;
const line = (values: ArrayLike<number>, dimension = 1) => ({ values, dimension });

/** Over many noises, by place. */
function averaged(make: (random: Random) => number[]): number[] {
  const all = Array.from({ length: repeats }, (_, i) => make(new Random(i)));
  return (all[0] as number[]).map((_, k) => all.reduce((sum, one) => sum + (one[k] as number), 0) / repeats);
}

describe('the correlation of gradients along a line', () => {
  it('is 1 everywhere where the gradient is the same', () => {
    const constant = line(new Float64Array(points).fill(-3));
    for (const value of autocorrelation(constant, 50)) expect(value).toBeCloseTo(1, 12);
    expect(meanCorrelation(constant)).toBeCloseTo(1, 12);
    const vectors = line(
      Float64Array.from({ length: 60 }, (_, i) => i % 3),
      3,
    );
    expect(autocorrelation(vectors, 5).at(-1)).toBeCloseTo(1, 12);
    expect(meanCorrelation(vectors)).toBeCloseTo(1, 12);
  });

  it('is 0 between all points of white noise', () => {
    const [none, ...others] = averaged((random) => autocorrelation(line(whiteNoise(points, random)), 20));
    expect(none).toBe(1);
    // its standard error is 1 / √(points · repeats), 0.0044
    for (const value of others) expect(Math.abs(value)).toBeLessThan(0.02);
    const [pairs = 1] = averaged((random) => [meanCorrelation(line(whiteNoise(points, random)))]);
    expect(Math.abs(pairs)).toBeLessThan(0.005);
  });

  it('is near 1 between neighbours of brown noise, and less the further they are apart', () => {
    const [, next = 0, , , , , , , eighth = 0, ...others] = averaged((random) =>
      autocorrelation(line(brownNoise(points, random)), 64),
    );
    expect(next).toBeGreaterThan(0.97);
    expect(eighth).toBeLessThan(next);
    expect(others.at(-1)).toBeLessThan(eighth);
  });

  it('is −1 where the gradient turns round at each point', () => {
    const turning = line(Float64Array.from({ length: points }, (_, i) => (i % 2 === 0 ? 1 : -1)));
    expect(autocorrelation(turning, 2)).toEqual([1, -1, 1]);
    expect(meanCorrelation(turning)).toBeCloseTo(-1 / (points - 1), 12);
  });
});

describe('the spectrum', () => {
  it('has all of a wave at its frequency', () => {
    const wave = Float64Array.from({ length: points }, (_, i) => 5 + Math.cos((2 * Math.PI * 7 * i) / points));
    const shares = spectrum(wave);
    expect(shares).toHaveLength(points / 2);
    expect(shares[6]).toBeCloseTo(1, 10);
    expect(shares[7]).toBeCloseTo(0, 10);
  });

  it('is flat for white noise and falls for brown noise', () => {
    const white = averaged((random) => spectrum(whiteNoise(64, random)));
    const brown = averaged((random) => spectrum(brownNoise(64, random)));
    const [slow, fast] = [0, 24];
    expect((white[slow] as number) / (white[fast] as number)).toBeGreaterThan(0.6);
    expect((white[slow] as number) / (white[fast] as number)).toBeLessThan(1.6);
    expect((brown[slow] as number) / (brown[fast] as number)).toBeGreaterThan(50);
  });
});
