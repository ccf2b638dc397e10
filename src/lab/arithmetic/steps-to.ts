/** How long trainings take to an accuracy, and whether one way of training is faster than another. */
import { type PairedTTest, pairedTTest } from '../../metrics/index.ts';
import { ConfigError } from '../../tensor/index.ts';
import { mean } from './averages.ts';

/** A measurement under way. */
export interface CurvePoint {
  readonly step: number;
  /** Of training steps alone. */
  readonly seconds: number;
  /** On test images, 0 to 1. */
  readonly top1: number;
}

/** One training. */
export interface Curve {
  readonly seed: number;
  readonly points: readonly CurvePoint[];
}

/** The first measurement that has the accuracy; undefined where none has. */
export const firstAt = ({ points }: Curve, target: number): CurvePoint | undefined =>
  points.find(({ top1 }) => top1 >= target);

/** The largest multiple of 1 / `parts` that every training comes to; 0 where one comes to less. */
export function commonTarget(curves: readonly Curve[], parts = 20): number {
  const reached = curves.map(({ points }) => Math.max(0, ...points.map(({ top1 }) => top1)));
  // a quotient, because 3 · 0.05 is above the 0.15 that was reached
  return Math.floor(Math.min(...reached) * parts + 1e-9) / parts;
}

/** What pairs of trainings of one seed say of two ways. */
export interface SpeedComparison {
  readonly target: number;
  /** Mean over seeds, to the target. */
  readonly steps: { readonly slow: number; readonly fast: number };
  readonly seconds: { readonly slow: number; readonly fast: number };
  /** Steps of the first way less those of the second. */
  readonly saved: PairedTTest;
  /** Accuracy after the last step, the second less the first. */
  readonly gained: PairedTTest;
}

/**
 * Compares two ways by seeds. Accuracy is measured only every so many steps, so that equal differences are taken to vary by half of that.
 * @throws ConfigError where seeds differ, or there are fewer than two
 */
export function compareSpeed(slow: readonly Curve[], fast: readonly Curve[], every: number): SpeedComparison {
  if (slow.length !== fast.length || slow.some(({ seed }, i) => seed !== fast[i]?.seed))
    throw new ConfigError(
      `compareSpeed: expected the same seeds, but got ${slow.map(({ seed }) => seed)} and ${fast.map(({ seed }) => seed)}`,
    );
  const target = commonTarget([...slow, ...fast]);
  const at = (curves: readonly Curve[]) => curves.map((curve) => firstAt(curve, target) as CurvePoint);
  const [first, second] = [at(slow), at(fast)];
  const last = (curves: readonly Curve[]) => curves.map(({ points }) => points.at(-1)?.top1 as number);
  const before = last(slow);
  return {
    target,
    steps: { slow: mean(first.map(({ step }) => step)), fast: mean(second.map(({ step }) => step)) },
    seconds: { slow: mean(first.map(({ seconds }) => seconds)), fast: mean(second.map(({ seconds }) => seconds)) },
    saved: pairedTTest(
      first.map(({ step }, i) => step - (second[i] as CurvePoint).step),
      { leastDeviation: every / 2 },
    ),
    gained: pairedTTest(last(fast).map((top1, i) => top1 - (before[i] as number))),
  };
}

/** What the interval of the steps that are saved says. */
export const speedVerdict = ({ saved }: SpeedComparison): 'faster' | 'slower' | 'unclear' =>
  saved.low > 0 ? 'faster' : saved.high < 0 ? 'slower' : 'unclear';
