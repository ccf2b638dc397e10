/** Whether two networks differ, from the images on which one alone is right (McNemar 1947). */
import { ConfigError } from '../tensor/index.ts';
import { twoSidedNormalTail } from './normal-tail.ts';

/** What McNemar's test says. */
export interface McNemar {
  /** Images that only the first one has right. */
  readonly b: number;
  /** Images that only the second one has right. */
  readonly c: number;
  /** How often so uneven a split would come about, were both equally good: two-sided. */
  readonly p: number;
  readonly method: 'exact' | 'chi-square';
}

/** Up to here all terms of the exact test are numbers above the smallest that there is: 2⁻¹⁰⁰⁰ is. */
const mostExact = 1000;

/**
 * McNemar's test of `b` against `c`. Up to b + c = 1,000 it is exact: twice the binomial tail P(X <= min(b, c)), X of b + c tosses of a fair
 * coin, at most 1. Of more, χ² = (|b − c| − 1)² / (b + c) with Edwards' correction (1948), where the two differ by less than they matter.
 * @param method default: by the number of images
 * @throws ConfigError where a count is impossible, or there are too many for the exact test
 */
export function mcNemar(b: number, c: number, { method }: Partial<Pick<McNemar, 'method'>> = {}): McNemar {
  if (![b, c].every((count) => Number.isSafeInteger(count) && count >= 0))
    throw new ConfigError(`mcNemar: expected counts of images, but got ${b} and ${c}`);
  const chosen = method ?? (b + c <= mostExact ? 'exact' : 'chi-square');
  if (chosen === 'exact' && b + c > mostExact)
    throw new ConfigError(
      `mcNemar: expected at most ${mostExact} images for the exact test, but got ${b} + ${c}`,
      "leave `method` out, or take 'chi-square'",
    );
  return { b, c, p: chosen === 'exact' ? exact(b, c) : corrected(b, c), method: chosen };
}

function exact(b: number, c: number): number {
  const total = b + c;
  // C(n, i) / 2ⁿ for i = 0, 1, …
  let term = 2 ** -total;
  let tail = term;
  for (let i = 0; i < Math.min(b, c); i++) {
    term *= (total - i) / (i + 1);
    tail += term;
  }
  return Math.min(1, 2 * tail);
}

function corrected(b: number, c: number): number {
  if (b === c) return 1;
  return twoSidedNormalTail((Math.abs(b - c) - 1) / Math.sqrt(b + c));
}
