import { describe, expect, it } from 'vitest';
import { gainDifference, gainsOf, mapsVerdict, relativeTo } from './map-scores.ts';

const score = (insertion: number, deletion: number) => ({
  insertion,
  deletion,
  random: { insertion: 0.5, deletion: 0.4 },
});

describe('scores of maps', () => {
  it('gains where insertion is above that of random maps, and deletion below', () => {
    expect(gainsOf([score(0.75, 0.4), score(0.25, 0.4)], 'insertion')).toEqual([0.25, -0.25]);
    expect(gainsOf([score(0.5, 0.15)], 'deletion')[0]).toBeCloseTo(0.25);
  });

  it('does not depend on how sure the network is', () => {
    const unsure = { insertion: 0.15, deletion: 0.05, random: { insertion: 0.1, deletion: 0.08 } };
    const sure = { insertion: 0.6, deletion: 0.2, random: { insertion: 0.4, deletion: 0.32 } };
    const gains = [relativeTo(0.2, unsure), relativeTo(0.8, sure)];
    for (const gain of gainsOf(gains, 'insertion')) expect(gain).toBeCloseTo(0.25);
    for (const gain of gainsOf(gains, 'deletion')) expect(gain).toBeCloseTo(0.15);
  });

  it('compares two networks image by image', () => {
    const first = [score(0.6, 0.1), score(0.8, 0.1), score(0.7, 0.1)];
    const second = [score(0.5, 0.1), score(0.6, 0.1), score(0.4, 0.1)];
    // differences 0.1, 0.2, 0.3: mean 0.2, deviation 0.1, t = 0.2 / (0.1 / √3)
    const { mean, t, freedom } = gainDifference(first, second, 'insertion');
    expect(mean).toBeCloseTo(0.2);
    expect(t).toBeCloseTo(2 * Math.sqrt(3));
    expect(freedom).toBe(2);
    expect(gainDifference(first, second, 'deletion').mean).toBe(0);
    expect(() => gainDifference(first, second.slice(1), 'deletion')).toThrow('got 3 and 2');
  });

  it('says less or more only for what is real, and both where they disagree', () => {
    const [down, up, unclear] = [
      { mean: -0.1, p: 0.01 },
      { mean: 0.1, p: 0.01 },
      { mean: -0.3, p: 0.06 },
    ];
    expect(mapsVerdict([down, unclear])).toBe('less');
    expect(mapsVerdict([up, unclear])).toBe('more');
    expect(mapsVerdict([up, down])).toBe('both');
    expect(mapsVerdict([unclear])).toBe('unclear');
  });
});
