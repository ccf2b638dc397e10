/** Height and width of a window, given as one number where they are equal. */
import type { Pair } from '../ir/index.ts';
import { ConfigError } from '../tensor/index.ts';

/** One number for height and width, or `[height, width]`. */
export type Extent = number | Pair;

/** Both numbers of an extent. @throws ConfigError unless they are whole and at least `least` */
export function pairOf(what: string, extent: Extent, least: number): Pair {
  const pair: Pair = typeof extent === 'number' ? [extent, extent] : extent;
  if (pair.length !== 2 || !pair.every((n) => Number.isSafeInteger(n) && n >= least))
    throw new ConfigError(
      `${what} must be a whole number of at least ${least}, or [height, width], but is ${JSON.stringify(extent)}`,
    );
  return pair;
}
