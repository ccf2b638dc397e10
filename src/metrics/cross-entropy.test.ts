import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crossEntropy, softmax } from './index.ts';

const anyRow = fc.array(fc.double({ min: -1000, max: 1000, noNaN: true }), { minLength: 1, maxLength: 6 });

describe('softmax', () => {
  it('gives probabilities that add up to one and do not change when a constant is added', () => {
    fc.assert(
      fc.property(anyRow, fc.integer({ min: -1000, max: 1000 }), (row, constant) => {
        const probabilities = softmax(row);
        expect(probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
        const moved = softmax(row.map((x) => x + constant));
        for (const [i, p] of probabilities.entries()) expect(moved[i]).toBeCloseTo(p, 9);
      }),
    );
  });

  it('stays finite for logits whose exponentials are not', () => {
    expect([...softmax([1e4, 0])]).toEqual([1, 0]);
    expect([...softmax(new Float32Array([-1e30, -1e30]))]).toEqual([0.5, 0.5]);
  });

  it('shows a NaN instead of hiding it', () => {
    expect([...softmax([NaN, 1])]).toEqual([NaN, NaN]);
  });
});

describe('crossEntropy', () => {
  it('is log(classes) for a network that knows nothing', () => {
    const { sum, mean } = crossEntropy(new Float32Array(3 * 10), new Int32Array([0, 5, 9]), 10);
    expect(mean).toBeCloseTo(Math.log(10), 12);
    expect(sum).toBeCloseTo(3 * Math.log(10), 12);
  });

  it('is minus the logarithm of the probability of the label', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 6 }), fc.nat(), (row, any) => {
        const label = any % row.length;
        const { mean } = crossEntropy(Float64Array.from(row), new Int32Array([label]), row.length);
        expect(mean).toBeCloseTo(-Math.log(softmax(row)[label] as number), 9);
      }),
    );
  });

  it('keeps losses that the probability itself could not hold', () => {
    expect(crossEntropy(new Float32Array([0, 5000]), new Int32Array([0]), 2).sum).toBe(5000);
  });

  it('has no mean without rows, and refuses labels that are no class', () => {
    expect(crossEntropy(new Float32Array(0), new Int32Array(0), 10)).toEqual({ sum: 0, mean: NaN });
    expect(() => crossEntropy(new Float32Array(2), new Int32Array([2]), 2)).toThrow(
      'crossEntropy: expected labels from 0 to 1, got 2 in row 0',
    );
  });
});
