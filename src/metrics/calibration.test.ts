import { describe, expect, it } from 'vitest';
import { expectedCalibrationError, reliabilityBins } from './index.ts';

/** Two-class rows with this confidence in class 0, of which the first `correct` are labelled so. */
function rows(confidence: number, correct: number, total: number) {
  const probabilities = Float64Array.from({ length: 2 * total }, (_, i) => (i % 2 ? 1 - confidence : confidence));
  return { probabilities, labels: Int32Array.from({ length: total }, (_, row) => (row < correct ? 0 : 1)) };
}

describe('expectedCalibrationError', () => {
  it('is the gap between confidence and accuracy', () => {
    const overconfident = rows(0.9, 6, 10);
    expect(expectedCalibrationError(overconfident.probabilities, overconfident.labels)).toBeCloseTo(0.3, 12);
    const honest = rows(0.8, 8, 10);
    expect(expectedCalibrationError(honest.probabilities, honest.labels)).toBeCloseTo(0, 12);
  });

  it('weighs the bins by their counts', () => {
    const a = rows(0.9, 6, 10);
    const b = rows(0.6, 6, 30);
    expect(
      expectedCalibrationError(
        Float64Array.from([...a.probabilities, ...b.probabilities]),
        Int32Array.from([...a.labels, ...b.labels]),
      ),
    ).toBeCloseTo((10 * 0.3 + 30 * 0.4) / 40, 12);
  });

  it('does not let errors in one bin cancel those in another', () => {
    const probabilities = new Float32Array([1, 0, 0.75, 0.25]);
    expect(expectedCalibrationError(probabilities, new Int32Array([1, 0]))).toBeCloseTo((1 + 0.25) / 2, 12);
    expect(expectedCalibrationError(probabilities, new Int32Array([1, 0]), 1)).toBeCloseTo(0.875 - 0.5, 12);
  });

  it('is not a number without rows', () => {
    expect(expectedCalibrationError(new Float32Array(0), new Int32Array(0))).toBeNaN();
  });
});

describe('reliabilityBins', () => {
  it('puts a confidence on the border into the lower bin', () => {
    expect(reliabilityBins(new Float64Array([0.5, 0.5, 1, 0]), new Int32Array([0, 0]), 2)).toEqual([
      { count: 1, confidence: 0.5, accuracy: 1 },
      { count: 1, confidence: 1, accuracy: 1 },
    ]);
  });

  it('accepts the rounding of float32 but not logits or NaN', () => {
    expect(reliabilityBins(new Float32Array([1.0000001]), new Int32Array([0]), 4).at(-1)).toEqual({
      count: 1,
      confidence: 1,
      accuracy: 1,
    });
    expect(() => reliabilityBins(new Float32Array([0, 1, 3, -2]), new Int32Array([0, 0]))).toThrow(
      'calibration: expected probabilities, got 3 in row 1',
    );
    expect(() => reliabilityBins(new Float32Array([NaN, 1]), new Int32Array([0]))).toThrow('got NaN in row 0');
  });

  it('refuses values that do not divide into rows', () => {
    expect(() => reliabilityBins(new Float32Array(5), new Int32Array(2))).toThrow('expected 2 rows of 2 values');
    expect(() => reliabilityBins(new Float32Array(5), new Int32Array(0))).toThrow('got 5 values and no label');
    expect(() => reliabilityBins(new Float32Array(2), new Int32Array(1), 0)).toThrow('bins to be an integer >= 1');
  });
});
