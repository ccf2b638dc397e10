/** Whether a network's answers can be relied on: confidence, spoilt images, and what another seed changes. */
import { type AnswerRows, calibrationError, calibrationNoise, confidenceBins, meanOf } from '../../metrics/index.ts';
import { ConfigError, type Random } from '../../tensor/index.ts';

/** How well confidence fits accuracy; 0 to 1. */
export interface ConfidenceFit {
  readonly accuracy: number;
  readonly confidence: number;
  /** Expected calibration error over 15 bins (Guo et al. 2017), which few images make too large. */
  readonly error: number;
  /** That of a network whose confidence is right, on as many images: its mean, and what 95 % stay below. */
  readonly chance: { readonly mean: number; readonly high: number };
}

export function confidenceFit(
  { confidences, correct }: Pick<AnswerRows, 'confidences' | 'correct'>,
  random: Random,
): ConfidenceFit {
  return {
    accuracy: meanOf(correct),
    confidence: meanOf(confidences),
    error: calibrationError(confidenceBins(confidences, correct)),
    chance: calibrationNoise(confidences, { random, draws: 500 }),
  };
}

/**
 * The share of images on which two networks answer differently, as a mean over all pairs of networks; NaN for fewer than two.
 * @throws ConfigError where they did not answer equally many
 */
export function disagreement(answers: readonly ArrayLike<number>[]): number {
  let [sum, pairs] = [0, 0];
  for (const [i, one] of answers.entries())
    for (const other of answers.slice(i + 1)) {
      if (other.length !== one.length)
        throw new ConfigError(
          `disagreement: expected answers to the same images, but got ${one.length} and ${other.length}`,
        );
      let differing = 0;
      for (let row = 0; row < one.length; row++) if (one[row] !== other[row]) differing++;
      sum += differing / one.length;
      pairs++;
    }
  return sum / pairs;
}

/** For each image the share of corruptions under which its answer is right. @param right by corruption, then by image, 1 or 0 */
export const shareRight = (right: readonly ArrayLike<number>[]): number[] =>
  Array.from(
    { length: right[0]?.length ?? 0 },
    (_, image) => right.reduce((sum, own) => sum + (own[image] as number), 0) / right.length,
  );
