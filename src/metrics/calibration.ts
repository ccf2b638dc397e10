/** Whether confidence can be believed: of all predictions made with 80 % confidence, are 80 % right? (Guo et al. 2017) */
import { ConfigError, DataError, ShapeError } from '../tensor/index.ts';
import { argMax } from './accuracy.ts';
import { checkLabelledRows } from './labelled-rows.ts';

/** The predictions whose confidence lies in one of the equal steps of (0, 1]. */
export interface ReliabilityBin {
  readonly count: number;
  /** Mean probability of the predicted class; NaN where the bin is empty. */
  readonly confidence: number;
  /** Fraction of correct predictions; NaN where the bin is empty. */
  readonly accuracy: number;
}

/** As many as Guo et al. (2017) take. */
export const usualBins = 15;

/**
 * The reliability diagram's bins: bin i holds confidences in (i / bins, (i + 1) / bins].
 * @param probabilities [labels.length, classes], rows as `softmax` gives them
 * @throws ShapeError, DataError, ConfigError
 */
export function reliabilityBins(
  probabilities: Float32Array | Float64Array,
  labels: Int32Array,
  bins = usualBins,
): ReliabilityBin[] {
  if (labels.length === 0 && probabilities.length > 0)
    throw new ShapeError(`calibration: expected a label per row, got ${probabilities.length} values and no label`);
  const classes = labels.length === 0 ? 1 : Math.floor(probabilities.length / labels.length);
  checkLabelledRows('calibration', probabilities, labels, classes);
  const confidences = new Float64Array(labels.length);
  const correct = new Uint8Array(labels.length);
  for (let row = 0; row < labels.length; row++) {
    const values = probabilities.subarray(row * classes, (row + 1) * classes);
    const wrong = values.findIndex((value) => !(value >= 0 && value <= 1.001));
    if (wrong >= 0)
      throw new DataError(
        `calibration: expected probabilities, got ${values[wrong]} in row ${row}`,
        'apply softmax to logits first',
      );
    const prediction = argMax(values);
    confidences[row] = Math.min(1, values[prediction] as number);
    if (prediction === labels[row]) correct[row] = 1;
  }
  return confidenceBins(confidences, correct, bins);
}

/**
 * The same from the confidence of each prediction, 0 to 1, and whether it is correct, 1 or 0.
 * @throws ConfigError
 */
export function confidenceBins(
  confidences: Float64Array,
  correct: ArrayLike<number>,
  bins = usualBins,
): ReliabilityBin[] {
  if (!Number.isSafeInteger(bins) || bins < 1)
    throw new ConfigError(`calibration: expected bins to be an integer >= 1, got ${bins}`);
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, correct: 0 }));
  confidences.forEach((confidence, row) => {
    const bin = sums[binOf(confidence, bins)] as (typeof sums)[number];
    bin.count++;
    bin.confidence += confidence;
    bin.correct += correct[row] as number;
  });
  return sums.map(({ count, confidence, correct }) => ({
    count,
    confidence: confidence / count,
    accuracy: correct / count,
  }));
}

/** Which bin holds a confidence. */
export const binOf = (confidence: number, bins: number): number => Math.max(0, Math.ceil(confidence * bins) - 1);

/** Σ over bins of (count / total) · |accuracy − confidence|; 0 is perfect, NaN for no rows. */
export function calibrationError(bins: readonly ReliabilityBin[]): number {
  let [sum, total] = [0, 0];
  for (const { count, confidence, accuracy } of bins) {
    if (count > 0) sum += count * Math.abs(accuracy - confidence);
    total += count;
  }
  return sum / total;
}

/**
 * Expected calibration error over bins of equal width: `calibrationError` of `reliabilityBins`. It is biased: of a network whose confidence is
 * right it is above 0 too, by what `calibrationNoise` tells.
 * @param probabilities [labels.length, classes], rows as `softmax` gives them
 * @throws ShapeError, DataError, ConfigError
 */
export const expectedCalibrationError = (
  probabilities: Float32Array | Float64Array,
  labels: Int32Array,
  bins = usualBins,
): number => calibrationError(reliabilityBins(probabilities, labels, bins));
