/** What larger networks of one kind gain, and what they cost. */
import { differenceOf, type Estimate } from './estimate.ts';
import { type Answers, errorOf } from './gap.ts';
import { exponentOf } from './power-law.ts';

/** A network of a sweep, in the numbers that are compared. */
export interface Grown {
  readonly network: string;
  /** Layers or width: what grows. */
  readonly size: number;
  readonly test: Answers;
  readonly macs: number;
  readonly imagesPerSecond: number;
  readonly memoryBytes: number;
  readonly recomputedBytes: number;
}

export interface Growth {
  readonly smallest: Grown;
  readonly largest: Grown;
  /** Times as many multiply-adds. */
  readonly timesMacs: number;
  /** Test error of the smallest less that of the largest. */
  readonly gain: Estimate;
  /** p where the memory of a step grows as sizeᵖ: kept, and recomputed. NaN where it is none. */
  readonly memoryExponent: number;
  readonly recomputedExponent: number;
  /** p where time grows as the multiply-addsᵖ. */
  readonly timeExponent: number;
}

/** Undefined for fewer than two sizes. */
export function growthOf(networks: readonly Grown[]): Growth | undefined {
  const ordered = [...networks].sort((a, b) => a.size - b.size);
  const [smallest, largest] = [ordered[0], ordered.at(-1)];
  if (!smallest || !largest || smallest.size === largest.size) return undefined;
  return {
    smallest,
    largest,
    timesMacs: largest.macs / smallest.macs,
    gain: differenceOf(errorOf(smallest.test), errorOf(largest.test)),
    memoryExponent: exponentOf(ordered.map(({ size, memoryBytes }) => [size, memoryBytes] as const)),
    recomputedExponent: exponentOf(ordered.map(({ size, recomputedBytes }) => [size, recomputedBytes] as const)),
    timeExponent: exponentOf(ordered.map(({ macs, imagesPerSecond }) => [macs, 1 / imagesPerSecond] as const)),
  };
}

/** Multiply-adds in a second of training, which does each of a prediction's three times: forward, and for two gradients. */
export const trainingRate = (networks: readonly Pick<Grown, 'macs' | 'imagesPerSecond'>[]): number => {
  const macs = networks.reduce((sum, one) => sum + 3 * one.macs, 0);
  return macs / networks.reduce((sum, { imagesPerSecond }) => sum + 1 / imagesPerSecond, 0);
};
