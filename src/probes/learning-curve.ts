/** A class's errors at several sizes, and what may be drawn from them: laws that the measurements allow. */
import type { Random } from '../tensor/index.ts';
import { errorAt, fitPowerLaw, type PowerLaw } from './power-law.ts';

export interface LearningCurve {
  /** Samples that were fitted on, from few to many. */
  readonly sizes: readonly number[];
  /** For each size, for each held-out sample: the share of the repeats in which it was wrong. */
  readonly wrong: readonly Float64Array[];
  /** For each size but the last, for each repeat: how far its error is from the mean of the repeats. */
  readonly deviations: readonly (readonly number[])[];
}

/** A curve's shape without its level. */
export interface Shape {
  readonly exponent: number;
  /** The floor as a share of the error at the largest size. */
  readonly floor: number;
}

/** How far a class's curve may be from the shape of all classes together. */
const spread: Shape = { exponent: 0.25, floor: 0.3 };

/** The errors at each size as they were measured. */
export const measuredErrors = ({ wrong }: LearningCurve): number[] =>
  wrong.map((all) => all.reduce((sum, w) => sum + w, 0) / all.length);

/** The shape of the mean of curves, in which the noise of single classes is averaged out. */
export function commonShape(curves: readonly LearningCurve[]): Shape {
  const errors = curves.map(measuredErrors);
  const mean = (of: (curve: number) => number) => curves.reduce((sum, _, i) => sum + of(i), 0) / curves.length;
  const sizes = curves[0]!.sizes.map((_, s) => mean((i) => curves[i]!.sizes[s]!));
  const means = sizes.map((_, s) => mean((i) => errors[i]![s]!));
  // one per cent of error is how well a mean is known
  const law = fitPowerLaw({
    sizes,
    errors: means,
    weights: sizes.map(() => 1e4),
    exponent: { mean: 0.5, deviation: 0.5 },
  });
  return { exponent: law.exponent, floor: Math.min(1, law.floor / Math.max(means.at(-1)!, 1e-9)) };
}

/** Errors that the curve allows, at each of `sizes`. */
export type ErrorDraw = readonly number[];

/**
 * Draws of the error at `sizes`. Each draw weighs the held-out samples anew (the Bayesian bootstrap, Rubin 1981), together with half a right and
 * half a wrong sample, so that a class without mistakes is not taken for perfect; moves what is believed of the shape; fits the law to
 * that; and adds how far a single choice of samples falls from the mean of many.
 */
export function drawErrors(
  curve: LearningCurve,
  { sizes, shape, draws, random }: { sizes: readonly number[]; shape: Shape; draws: number; random: Random },
): ErrorDraw[] {
  const weights = pointWeights(curve);
  return Array.from({ length: draws }, () => {
    const errors = reweighted(curve, random);
    const level = errors.at(-1)!;
    const law = fitPowerLaw({
      sizes: curve.sizes,
      errors,
      weights,
      exponent: { mean: shape.exponent + spread.exponent * random.normal(), deviation: spread.exponent },
      floor: {
        mean: level * Math.max(0, shape.floor + spread.floor * random.normal()),
        deviation: Math.max(level, 0.01) * spread.floor,
      },
    });
    return withChoice(law, curve, sizes, random);
  });
}

/** The law of the measurements themselves, near the common shape. */
export function likeliestLaw(curve: LearningCurve, shape: Shape): PowerLaw {
  const errors = measuredErrors(curve);
  const level = Math.max(errors.at(-1)!, 0.5 / (curve.wrong.at(-1)!.length + 1));
  return fitPowerLaw({
    sizes: curve.sizes,
    errors,
    weights: pointWeights(curve),
    exponent: { mean: shape.exponent, deviation: spread.exponent },
    floor: { mean: level * shape.floor, deviation: level * spread.floor },
  });
}

/** 1 / variance of each error: that of so many samples, and that of the choice of what was fitted on. */
function pointWeights(curve: LearningCurve): number[] {
  const held = curve.wrong[0]!.length;
  return measuredErrors(curve).map((error, s) => {
    const binomial = Math.max(error * (1 - error), 0.02) / held;
    const choice = curve.deviations[s] ?? [];
    return 1 / (binomial + choice.reduce((sum, d) => sum + d * d, 0) / Math.max(1, choice.length));
  });
}

function reweighted({ wrong }: LearningCurve, random: Random): number[] {
  const held = wrong[0]!.length;
  // Exp(1) for each sample, Gamma(½) = z²/2 for each of the two halves
  const shares = Float64Array.from({ length: held }, () => -Math.log(1 - random.uniform()));
  const [right, halfWrong] = [random.normal() ** 2 / 2, random.normal() ** 2 / 2];
  const total = shares.reduce((sum, w) => sum + w, right + halfWrong);
  return wrong.map((all) => all.reduce((sum, w, i) => sum + w * shares[i]!, halfWrong) / total);
}

/** One choice of samples: a deviation that was measured at some size, made smaller as variances are by more samples. */
function withChoice(law: PowerLaw, curve: LearningCurve, sizes: readonly number[], random: Random): ErrorDraw {
  const { deviations } = curve;
  if (deviations.length === 0) return sizes.map((size) => errorAt(law, size));
  const s = random.integer(deviations.length);
  const repeats = deviations[s]!;
  const one = repeats[random.integer(repeats.length)]! * Math.sqrt(repeats.length / Math.max(1, repeats.length - 1));
  return sizes.map((size) => {
    const deviation = one * Math.sqrt(curve.sizes[s]! / size);
    return Math.min(1, Math.max(0, errorAt(law, size) + deviation));
  });
}
