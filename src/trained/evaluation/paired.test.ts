import { describe, expect, it } from 'vitest';
import { isReal, pairedDifference, verdictOf } from './paired.ts';

/** Two lists of answers to `total` images: the first alone is right on `b`, the second alone on `c`, both on the rest. */
const answers = (b: number, c: number, total: number) => {
  const of = (from: number, to: number) => Uint8Array.from({ length: total }, (_, i) => (i >= from && i < to ? 0 : 1));
  return [of(b, b + c), of(0, b)] as const;
};
const compared = (b: number, c: number, total: number) => pairedDifference(...answers(b, c, total), 0);

describe('pairedDifference', () => {
  it('counts the images that one alone has right', () => {
    const found = compared(30, 10, 200);
    expect(found.mcnemar).toMatchObject({ b: 30, c: 10, method: 'exact' });
    expect(found.difference.value).toBeCloseTo(0.1, 12);
    expect(found.difference.low).toBeGreaterThan(0);
    expect(found.difference.high).toBeLessThan(0.2);
  });

  it('is the same for the same seed', () => {
    expect(compared(12, 7, 90)).toEqual(compared(12, 7, 90));
  });
});

describe('verdictOf', () => {
  const names = ['a.safetensors', 'b.safetensors'] as const;

  it('says which one is better, by how much and how sure that is', () => {
    expect(verdictOf(compared(40, 10, 500), names)).toMatch(
      /^a\.safetensors is better than b\.safetensors by 6\.00 points, 3\.\d\d to 8\.\d\d at 95 % \(40 images only the first has right, 10 only the second; McNemar’s p < 0\.0001\)\.$/,
    );
    expect(verdictOf(compared(10, 40, 500), names)).toMatch(
      /^b\.safetensors is better than a\.safetensors by 6\.00 points, 3\.\d\d to 8\.\d\d at 95 %/,
    );
  });

  it('says so where no difference can be seen', () => {
    const alike = compared(12, 10, 500);
    expect(isReal(alike)).toBe(false);
    expect(verdictOf(alike, names)).toMatch(/^No difference can be seen: -\d\.\d\d to \d\.\d\d points at 95 %/);
    expect(verdictOf(compared(0, 0, 5), names)).toContain('0.00 to 0.00 points');
    // three to none is no proof, whatever the bootstrap says
    expect(isReal(compared(3, 0, 50))).toBe(false);
  });
});
