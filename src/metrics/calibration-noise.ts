/**
 * What calibration error comes from chance alone. The error takes distances without their sign, so that few images in a bin always show some.
 * Labels are drawn as if confidence were right, and the error of each draw is computed: consistency resampling (Bröcker and Smith 2007).
 */
import { ConfigError, type Random } from '../tensor/index.ts';
import { binOf, usualBins } from './calibration.ts';
import { quantile } from './quantile.ts';

/** The calibration error of networks whose confidence is right. */
export interface CalibrationNoise {
  readonly mean: number;
  /** 95 % of them stay below; an error above it does not come from chance. */
  readonly high: number;
}

/**
 * For predictions with these confidences, each correct with just that probability. NaN for no predictions.
 * @param options.random a stream of its own
 * @throws ConfigError where the number of bins or draws is impossible
 */
export function calibrationNoise(
  confidences: Float64Array,
  { random, bins = usualBins, draws = 1000 }: { random: Random; bins?: number; draws?: number },
): CalibrationNoise {
  for (const [name, value] of Object.entries({ bins, draws }))
    if (!(Number.isSafeInteger(value) && value >= 1))
      throw new ConfigError(
        `calibrationNoise: expected \`${name}\` to be a whole number of at least 1, but got ${value}`,
      );
  const { length } = confidences;
  if (length === 0) return { mean: Number.NaN, high: Number.NaN };
  const places = Uint32Array.from(confidences, (confidence) => binOf(confidence, bins));
  const expected = new Float64Array(bins);
  for (const [row, confidence] of confidences.entries()) add(expected, places[row] as number, confidence);
  const errors = Float64Array.from({ length: draws }, () => {
    const correct = new Float64Array(bins);
    for (let row = 0; row < length; row++)
      if (random.uniform() < (confidences[row] as number)) add(correct, places[row] as number, 1);
    return expected.reduce((sum, of, bin) => sum + Math.abs((correct[bin] as number) - of), 0) / length;
  }).sort();
  return { mean: errors.reduce((sum, error) => sum + error, 0) / draws, high: quantile(errors, 0.95) };
}

function add(sums: Float64Array, at: number, value: number): void {
  sums[at] = (sums[at] as number) + value;
}
