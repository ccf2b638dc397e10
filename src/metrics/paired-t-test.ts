import { ConfigError } from '../tensor/index.ts';
import { beyondT, twoSidedT } from './student-t.ts';
import type { MeanInterval } from './t-interval.ts';

/** What differences between pairs say of their mean. */
export interface PairedTTest extends MeanInterval {
  /** mean / (s / √n); infinite where all differences are the same, and not 0. */
  readonly t: number;
  readonly freedom: number;
  /** How often pairs that differ by chance alone would have a mean as far from 0, to either side. */
  readonly p: number;
}

/**
 * Student's paired t test (1908) of differences `a − b`, with the interval of their mean.
 * @param options.leastDeviation what the deviation is taken as where the differences show less: values that are counts of few things are
 *   equal more often than what they measure; default 0
 * @throws ConfigError for fewer than two differences
 */
export function pairedTTest(
  differences: readonly number[],
  { confidence = 0.95, leastDeviation = 0 }: { readonly confidence?: number; readonly leastDeviation?: number } = {},
): PairedTTest {
  const count = differences.length;
  if (count < 2)
    throw new ConfigError(
      `pairedTTest: expected two differences or more, but got ${count}`,
      'a single pair says nothing of how much pairs vary',
    );
  const freedom = count - 1;
  const mean = differences.reduce((sum, value) => sum + value, 0) / count;
  const squares = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.max(leastDeviation, Math.sqrt(squares / freedom));
  const error = deviation / Math.sqrt(count);
  const t = mean === 0 ? 0 : mean / error;
  const half = twoSidedT(freedom, confidence) * error;
  return { mean, low: mean - half, high: mean + half, t, freedom, p: beyondT(freedom, t) };
}
