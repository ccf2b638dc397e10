import { describe, expect, it } from 'vitest';
import { shareDifference } from './share-difference.ts';

describe('the difference of two shares', () => {
  it('has the interval of Agresti and Caffo', () => {
    // their Table 1's kind: 7 of 8 against 1 of 8 is adjusted to 8/10 against 2/10
    const { difference, margin, larger } = shareDifference({ share: 7 / 8, of: 8 }, { share: 1 / 8, of: 8 });
    expect(difference).toBe(0.75);
    expect(margin).toBeCloseTo(1.96 * Math.sqrt(0.032), 12);
    expect(larger).toBe('first');
  });

  it('says which is larger only where chance does not explain it', () => {
    const share = (x: number, of: number) => ({ share: x, of });
    expect(shareDifference(share(0.2, 100), share(0.25, 100)).larger).toBeUndefined();
    expect(shareDifference(share(0.2, 2000), share(0.25, 2000)).larger).toBe('second');
    expect(shareDifference(share(Number.NaN, 100), share(0.5, 100)).larger).toBeUndefined();
  });
});
