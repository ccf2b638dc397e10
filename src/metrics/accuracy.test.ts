import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { argMax, topK } from './index.ts';

describe('argMax', () => {
  it('finds the first of the largest entries', () => {
    expect(argMax([1, 3, 3, 2])).toBe(1);
    expect(argMax([-Infinity, -Infinity])).toBe(0);
  });

  it('passes over NaN, and answers -1 where there is nothing else', () => {
    expect(argMax([NaN, -2, NaN, -1])).toBe(3);
    expect(argMax([NaN, NaN])).toBe(-1);
    expect(argMax([])).toBe(-1);
  });
});

describe('topK', () => {
  const logits = new Float32Array([3, 2, 1, 0, 0, 1, 2, 3]);

  it('counts the rows whose label is among the k largest', () => {
    const labels = new Int32Array([1, 1]);
    expect([1, 2, 3, 4].map((k) => topK(logits, labels, 4, k))).toEqual([0, 1, 2, 2]);
  });

  it('gives a constant output nothing until k covers every class', () => {
    const constant = new Float32Array(10 * 4);
    const labels = Int32Array.from({ length: 10 }, (_, row) => row % 4);
    expect([1, 3, 4].map((k) => topK(constant, labels, 4, k))).toEqual([0, 0, 10]);
  });

  it('never counts a NaN as correct and ranks every other NaN ahead', () => {
    expect(topK(new Float32Array([NaN, 1, NaN, NaN]), new Int32Array([0, 0]), 2, 2)).toBe(0);
    expect(topK(new Float32Array([5, NaN]), new Int32Array([0]), 2, 1)).toBe(0);
    expect(topK(new Float32Array([5, NaN]), new Int32Array([0]), 2, 2)).toBe(1);
  });

  it('agrees with sorting where no two logits are equal', () => {
    const rows = fc
      .integer({ min: 1, max: 8 })
      .chain((classes) =>
        fc.array(
          fc.tuple(
            fc.uniqueArray(fc.integer(), { minLength: classes, maxLength: classes }),
            fc.nat({ max: classes - 1 }),
          ),
          { minLength: 1, maxLength: 5 },
        ),
      );
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 8 }), (cases, k) => {
        const classes = (cases[0] as [number[], number])[0].length;
        const expected = cases.filter(([row, label]) => {
          const ranked = [...row.keys()].sort((a, b) => (row[b] as number) - (row[a] as number));
          return ranked.slice(0, k).includes(label);
        });
        const values = Float64Array.from(cases.flatMap(([row]) => row));
        expect(
          topK(
            values,
            Int32Array.from(cases, ([, label]) => label),
            classes,
            k,
          ),
        ).toBe(expected.length);
      }),
    );
  });

  it('names what does not fit', () => {
    expect(() => topK(logits, new Int32Array([0]), 4, 1)).toThrow(
      'topK: expected 1 rows of 4 values, one row per label, got 8 values',
    );
    expect(() => topK(logits, new Int32Array([0, 4]), 4, 1)).toThrow('expected labels from 0 to 3, got 4 in row 1');
    expect(() => topK(logits, new Int32Array([0, -1]), 4, 1)).toThrow('got -1 in row 1');
    expect(() => topK(logits, new Int32Array([0, 1]), 4, 0)).toThrow('expected k to be an integer >= 1, got 0');
    expect(() => topK(new Float32Array(0), new Int32Array(0), 0, 1)).toThrow('expected at least 1 class, got 0');
  });
});
