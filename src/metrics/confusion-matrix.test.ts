import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfusionMatrix } from './index.ts';

describe('ConfusionMatrix', () => {
  it('gives precision, recall and f1 of every class', () => {
    const matrix = new ConfusionMatrix(3);
    for (const [label, prediction] of [
      [0, 0],
      [0, 0],
      [0, 1],
      [1, 1],
      [1, 0],
      [2, 1],
    ] as const)
      matrix.add(label, prediction);
    expect(matrix.rows()).toEqual([
      [2, 1, 0],
      [1, 1, 0],
      [0, 1, 0],
    ]);
    expect(matrix.accuracy).toBe(0.5);
    expect(matrix.perClass()).toEqual([
      { support: 3, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 },
      { support: 2, precision: 1 / 3, recall: 1 / 2, f1: 2 / 5 },
      { support: 1, precision: NaN, recall: 0, f1: 0 },
    ]);
  });

  it('has no scores before the first pair', () => {
    const matrix = new ConfusionMatrix(1);
    expect(matrix.accuracy).toBeNaN();
    expect(matrix.perClass()).toEqual([{ support: 0, precision: NaN, recall: NaN, f1: NaN }]);
  });

  it('loses no pair, and swaps precision and recall when labels and predictions are swapped', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 3 }))), (pairs) => {
        const matrix = new ConfusionMatrix(4);
        const swapped = new ConfusionMatrix(4);
        for (const [label, prediction] of pairs) {
          matrix.add(label, prediction);
          swapped.add(prediction, label);
        }
        expect(matrix.total).toBe(pairs.length);
        expect(swapped.accuracy).toBe(matrix.accuracy);
        expect(swapped.perClass().map(({ precision }) => precision)).toEqual(
          matrix.perClass().map(({ recall }) => recall),
        );
      }),
    );
  });

  it('refuses what is not a class', () => {
    const matrix = new ConfusionMatrix(2);
    expect(() => matrix.add(0, -1)).toThrow('ConfusionMatrix: expected a prediction from 0 to 1, got -1');
    expect(() => matrix.add(2, 0)).toThrow('expected a label from 0 to 1, got 2');
    expect(matrix.total).toBe(0);
    expect(() => new ConfusionMatrix(0)).toThrow('expected at least 1 class, got 0');
  });
});
