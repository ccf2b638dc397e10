/** Networks against each other over seeds: each seed is a pair of trainings on the same images. */
import { pairedTTest, tInterval } from '../../metrics/index.ts';
import { differenceOf, type Estimate, shareOf, signOf } from './estimate.ts';
import type { Answers } from './gap.ts';

const unknown: Estimate = { value: Number.NaN, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

const rightOf = ({ top1, total }: Answers): Estimate => shareOf(Math.round(top1 * total), total);

/** A training. */
export interface SeededRun {
  readonly network: string;
  readonly seed: number;
  readonly test: Answers;
}

/** How two networks differ. */
export interface SeedDifference {
  readonly a: string;
  readonly b: string;
  /** Seeds that both have. */
  readonly seeds: number;
  /** The accuracy of `a` less that of `b`: mean over the seeds and Student's 95 % interval; with one seed that of the test images. */
  readonly accuracy: Estimate;
}

/** Mean accuracy over seeds with Student's 95 % interval; of one seed with that of the test images. */
export function accuracyOf(runs: readonly SeededRun[]): Estimate {
  const values = runs.map(({ test }) => test.top1);
  if (values.length < 2) return runs[0] ? rightOf(runs[0].test) : unknown;
  const { mean, low, high } = tInterval(values);
  return { value: mean, low, high };
}

/** @param a @param b names of networks */
export function differenceOverSeeds(runs: readonly SeededRun[], a: string, b: string): SeedDifference {
  const pairs = runs
    .filter(({ network }) => network === a)
    .flatMap((one) => {
      const other = runs.find(({ network, seed }) => network === b && seed === one.seed);
      return other ? [[one.test, other.test] as const] : [];
    });
  const differences = pairs.map(([one, other]) => one.top1 - other.top1);
  const known = { a, b, seeds: pairs.length };
  if (differences.length < 2) {
    const [pair] = pairs;
    return { ...known, accuracy: pair ? differenceOf(rightOf(pair[0]), rightOf(pair[1])) : unknown };
  }
  // each accuracy is rounded to whole images, which alone varies with 1 / √12 of one: two of them with 1 / √6
  const leastDeviation = 1 / ((pairs[0]?.[0].total ?? 1) * Math.sqrt(6));
  const { mean, low, high } = pairedTTest(differences, { leastDeviation });
  return { ...known, accuracy: { value: mean, low, high } };
}

/** Which is better, where the interval leaves 0 out. It is of this pair alone: among many, one in twenty does so by chance. */
export function betterOf({ accuracy }: SeedDifference): 'a' | 'b' | 'open' {
  const sign = signOf(accuracy);
  return sign === 'open' ? 'open' : sign === 'above' ? 'a' : 'b';
}
