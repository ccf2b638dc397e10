/** Which networks differ by more than chance: pairs of them over the seeds that both have, each seed a pair of trainings with the same split. */
import { holm, pairedTTest } from '../metrics/index.ts';
import type { ComparedNetwork } from './network-result.ts';

/** How two networks differ. */
export interface Difference {
  readonly a: string;
  readonly b: string;
  /** Seeds that both have. */
  readonly seeds: number;
  /** The accuracy of `a` less that of `b`: its mean over those seeds, as a share. */
  readonly mean: number;
  /** 95 % interval of the mean, by Student's paired t; left out with a single seed, which tells nothing of others. */
  readonly interval?: { readonly low: number; readonly high: number };
  /** How often seeds alone would bring a difference as large; left out with a single seed. */
  readonly p?: number;
  /** The same, corrected by Holm for all pairs. */
  readonly corrected?: number;
  /** Whether that is below 0.05. */
  readonly isReal: boolean;
}

/** What is taken for real has at most this probability. */
const significance = 0.05;

/** All pairs that have a seed in common, in the order of the networks. */
export function differencesOf(networks: readonly ComparedNetwork[]): Difference[] {
  const pairs = networks.flatMap((a, i) => networks.slice(i + 1).flatMap((b) => differenceOf(a, b) ?? []));
  const tested = pairs.filter(({ p }) => p !== undefined);
  const corrected = new Map(holm(tested.map(({ p = 1 }) => p)).map((value, i) => [tested[i], value]));
  return pairs.map((pair) => {
    const value = corrected.get(pair);
    return value === undefined ? pair : { ...pair, corrected: value, isReal: value < significance };
  });
}

function differenceOf(a: ComparedNetwork, b: ComparedNetwork): Difference | undefined {
  const pairs = a.runs.flatMap((run) => {
    const other = b.runs.find(({ seed }) => seed === run.seed);
    return run.outcome && other?.outcome ? [[run.outcome.score, other.outcome.score] as const] : [];
  });
  const [first] = pairs;
  if (!first) return undefined;
  const differences = pairs.map(([one, other]) => one.top1 - other.top1);
  const known = { a: a.name, b: b.name, seeds: pairs.length };
  if (pairs.length < 2) return { ...known, mean: differences[0] ?? 0, isReal: false };
  // each accuracy is rounded to whole images, which alone varies with 1 / √12 of one: two of them with 1 / √6
  const leastDeviation = 1 / (first[0].total * Math.sqrt(6));
  const { mean, low, high, p } = pairedTTest(differences, { leastDeviation });
  // no two accuracies are further apart than all images
  return { ...known, mean, interval: { low: Math.max(-1, low), high: Math.min(1, high) }, p, isReal: false };
}
