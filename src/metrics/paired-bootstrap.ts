/**
 * How far a difference of two accuracies on the same images can be trusted: the images are drawn again and again, with replacement, each with
 * both answers (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
 */
import { ConfigError, type Random } from '../tensor/index.ts';
import { quantile } from './quantile.ts';

/** What the bootstrap draws from. */
export interface PairedCounts {
  /** Images that only the first one has right. */
  readonly b: number;
  /** Images that only the second one has right. */
  readonly c: number;
  /** All images. */
  readonly total: number;
}

/**
 * The percentile interval of (b − c) / total, first accuracy minus second. An accuracy is a mean of zeros and ones, so only the numbers of
 * images on which the two differ matter: of `total` draws as many differ as a binomial number says, and of these each is one of the b or
 * of the c. Where the two never differ the interval is [0, 0], whatever the number of images.
 * @param options.random a stream of its own
 * @throws ConfigError where the counts are impossible, or too few are drawn
 */
export function pairedBootstrap(
  { b, c, total }: PairedCounts,
  { random, resamples = 10_000, confidence = 0.95 }: { random: Random; resamples?: number; confidence?: number },
): { low: number; high: number } {
  if (![b, c, total].every((count) => Number.isSafeInteger(count) && count >= 0) || b + c > total || total === 0)
    throw new ConfigError(`pairedBootstrap: expected b + c <= total images, but got ${b} + ${c} of ${total}`);
  if (!(Number.isSafeInteger(resamples) && resamples >= 100))
    throw new ConfigError(`pairedBootstrap: expected 100 resamples or more, but got ${resamples}`);
  if (b + c === 0) return { low: 0, high: 0 };
  const differing = binomialDistribution(total, (b + c) / total);
  const shareOfFirst = b / (b + c);
  const differences = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    const drawn = firstAbove(differing, random.uniform());
    let first = 0;
    for (let image = 0; image < drawn; image++) if (random.uniform() < shareOfFirst) first++;
    differences[i] = (2 * first - drawn) / total;
  }
  differences.sort();
  const outside = (1 - confidence) / 2;
  return { low: quantile(differences, outside), high: quantile(differences, 1 - outside) };
}

/** P(X <= k), k = 0 … n, of X heads in n tosses, each with this probability > 0: terms from the largest outwards, so that none overflows. */
function binomialDistribution(n: number, probability: number): Float64Array {
  const terms = new Float64Array(n + 1);
  const mode = Math.min(n, Math.floor((n + 1) * probability));
  const odds = probability / (1 - probability);
  terms[mode] = 1;
  for (let k = mode; k > 0; k--) terms[k - 1] = ((terms[k] as number) * k) / (n - k + 1) / odds;
  for (let k = mode; k < n; k++) terms[k + 1] = ((terms[k] as number) * (n - k) * odds) / (k + 1);
  const sum = terms.reduce((all, term) => all + term, 0);
  let below = 0;
  return terms.map((term) => {
    below += term / sum;
    return below;
  });
}

/** The first index whose value is above `at`; the last one where rounding left none. */
function firstAbove(ascending: Float64Array, at: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] as number) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
