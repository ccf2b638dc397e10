/** Of a few numbers; NaN of none. */
import { quantile } from '../../metrics/index.ts';

export const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;

/** The middle one, or the mean of the two in the middle. */
export const median = (values: readonly number[]): number =>
  values.length === 0
    ? Number.NaN
    : quantile(
        [...values].sort((a, b) => a - b),
        0.5,
      );
