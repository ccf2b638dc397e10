import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerRows, crossEntropy, meanOf, softmax, topK } from './index.ts';

const rows = fc.integer({ min: 2, max: 5 }).chain((classes) =>
  fc.record({
    classes: fc.constant(classes),
    logits: fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 3 * classes, maxLength: 3 * classes }),
    labels: fc.array(fc.nat({ max: classes - 1 }), { minLength: 3, maxLength: 3 }),
  }),
);

describe('answerRows', () => {
  it('has the confidence, loss and Brier score of each row', () => {
    // probabilities 0.8 and 0.2: −log 0.2, and (0.8 − 0)² + (0.2 − 1)²
    const found = answerRows(new Float64Array([Math.log(4), 0]), new Int32Array([1]), 2);
    expect([...found.predictions, ...found.correct]).toEqual([0, 0]);
    expect(found.confidences[0]).toBeCloseTo(0.8, 12);
    expect(found.losses[0]).toBeCloseTo(-Math.log(0.2), 12);
    expect(found.brier[0]).toBeCloseTo(1.28, 12);
  });

  it('agrees with softmax, the cross entropy and topK, at any temperature', () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(0.5, 1, 3), ({ classes, logits, labels }, temperature) => {
        const [values, of] = [Float64Array.from(logits), Int32Array.from(labels)];
        const found = answerRows(values, of, classes, { temperature });
        const scaled = values.map((logit) => logit / temperature);
        expect(meanOf(found.losses)).toBeCloseTo(crossEntropy(scaled, of, classes).mean, 10);
        expect(found.correct.reduce((sum, one) => sum + one, 0)).toBe(topK(values, of, classes, 1));
        const first = softmax(scaled.subarray(0, classes));
        expect(found.confidences[0]).toBeCloseTo(Math.max(...first), 12);
        const squares = first.reduce((sum, p, c) => sum + (p - Number(c === labels[0])) ** 2, 0);
        expect(found.brier[0]).toBeCloseTo(squares, 10);
      }),
    );
  });

  it('predicts the label just where the answer counts as correct, of equal logits too', () => {
    const tied = answerRows(new Float64Array([2, 2, 1, 0, 2, 2]), new Int32Array([0, 1]), 3);
    expect([...tied.predictions, ...tied.correct]).toEqual([1, 2, 0, 0]);
    fc.assert(
      fc.property(rows, ({ classes, logits, labels }) => {
        const { predictions, correct } = answerRows(Float64Array.from(logits), Int32Array.from(labels), classes);
        labels.forEach((label, row) => {
          expect(predictions[row] === label).toBe(correct[row] === 1);
          const own = logits.slice(row * classes, (row + 1) * classes);
          expect(own[predictions[row] as number]).toBe(Math.max(...own));
        });
      }),
    );
  });

  it('refuses a temperature that is none', () => {
    for (const temperature of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => answerRows(new Float64Array(2), new Int32Array(1), 2, { temperature })).toThrow(
        `answerRows: expected a temperature above 0, but got ${temperature}`,
      );
  });
});
