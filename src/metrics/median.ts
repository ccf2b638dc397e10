import { quantile } from './quantile.ts';

/** The middle one, or the mean of the two in the middle; NaN of none. */
export const median = (values: readonly number[]): number =>
  values.length === 0
    ? Number.NaN
    : quantile(
        [...values].sort((a, b) => a - b),
        0.5,
      );
