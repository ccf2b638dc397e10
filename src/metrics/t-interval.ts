import { ConfigError } from '../tensor/index.ts';
import { twoSidedT } from './student-t.ts';

/** A mean, and where the mean of many more such values would be. */
export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The mean of `values` with Student's t interval (1908): mean ± t · s / √n, s the deviation with n − 1.
 * @throws ConfigError for fewer than two values, or an impossible confidence
 */
export function tInterval(values: readonly number[], confidence = 0.95): MeanInterval {
  if (values.length < 2) throw new ConfigError(`tInterval: expected two values or more, but got ${values.length}`);
  if (!(confidence > 0 && confidence < 1))
    throw new ConfigError(
      `tInterval: expected a confidence between 0 and 1, but got ${confidence}`,
      '95 % is written 0.95',
    );
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = twoSidedT(values.length - 1, confidence) * Math.sqrt(squares / (values.length - 1) / values.length);
  return { mean, low: mean - half, high: mean + half };
}
