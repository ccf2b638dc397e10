/** What many accuracies on corrupted images come to: a mean over the benchmark's corruptions, and one of each category. */
import { type CorruptionCategory, corruptionCategories } from './corruption.ts';

/** How well a network did on images that were corrupted in one way. */
export interface CorruptionScore {
  /** Of the corruption. */
  readonly name: string;
  readonly category: CorruptionCategory;
  readonly standing: 'benchmark' | 'extra' | 'apart';
  readonly severity: number;
  /** Share of images whose first guess is right, 0 to 1. */
  readonly top1: number;
  readonly correct: number;
  readonly total: number;
}

/** Means of accuracies, 0 to 1. */
export interface CorruptionMeans {
  /** Over the `benchmark` corruptions among the scores, each with the mean of its severities; undefined where there is none. */
  readonly top1: number | undefined;
  /** How many corruptions that mean is over: 14 where all were measured. */
  readonly over: number;
  /** The same within each category that has any. */
  readonly categories: ReadonlyMap<CorruptionCategory, number>;
  /** Of each corruption, whatever its standing, by its name. */
  readonly corruptions: ReadonlyMap<string, number>;
}

/**
 * Means of the benchmark's corruptions; those that stand apart and the extra ones have only means of their own. It is no mCE: that divides by AlexNet's
 * errors, and takes photographs of frost.
 */
export function corruptionMeans(scores: readonly CorruptionScore[]): CorruptionMeans {
  const namesIn = (of: readonly CorruptionScore[]) => [...new Set(of.map(({ name }) => name))];
  const meanOf = (name: string) => mean(scores.filter((score) => score.name === name).map(({ top1 }) => top1));
  const corruptions = new Map(namesIn(scores).map((name) => [name, meanOf(name)]));
  const benchmark = scores.filter(({ standing }) => standing === 'benchmark');
  const meanOver = (of: readonly CorruptionScore[]) => mean(namesIn(of).map((name) => corruptions.get(name) as number));
  const categories = corruptionCategories.flatMap((category) => {
    const of = benchmark.filter((score) => score.category === category);
    return of.length === 0 ? [] : [[category, meanOver(of)] as const];
  });
  const over = namesIn(benchmark).length;
  return { top1: over === 0 ? undefined : meanOver(benchmark), over, categories: new Map(categories), corruptions };
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
