import { ConfigError } from '../tensor/index.ts';

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
  const half =
    twoSidedQuantile(values.length - 1, confidence) * Math.sqrt(squares / (values.length - 1) / values.length);
  return { mean, low: mean - half, high: mean + half };
}

/** The t with P(|T| <= t) = confidence: by halves in θ = arctan(t / √freedom), in which the probability rises smoothly. */
function twoSidedQuantile(freedom: number, confidence: number): number {
  let [low, high] = [0, Math.PI / 2];
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (within(freedom, middle) < confidence) low = middle;
    else high = middle;
  }
  return Math.tan((low + high) / 2) * Math.sqrt(freedom);
}

/** P(|T| <= √freedom · tan θ): Abramowitz and Stegun (1964), 26.7.3 and 26.7.4. */
function within(freedom: number, theta: number): number {
  const [sine, cosine] = [Math.sin(theta), Math.cos(theta)];
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = 0;
  for (let power = isOdd ? 1 : 0; power <= freedom - 2; power += 2) {
    sum += term;
    term *= (cosine ** 2 * (power + 1)) / (power + 2);
  }
  return isOdd ? (2 / Math.PI) * (theta + sine * sum) : sine * sum;
}
