/** What a person does next, from features that are there: which images to add, and which labels to look at. */
import { type DoubtfulLabel, doubtfulLabels } from './doubtful-labels.ts';
import type { LabelledFeatures } from './folds.ts';
import { type Forecast, type ForecastOptions, forecast, joinedFeatures } from './forecast.ts';
import { outOfFoldProbabilities } from './out-of-fold.ts';

/** Features of a split's images. */
export interface SplitFeatures extends LabelledFeatures {
  /** [samples]: which samples of the split they are. */
  readonly indices: ArrayLike<number>;
}

export interface DoubtfulImage extends Omit<DoubtfulLabel, 'sample'> {
  readonly split: 'train' | 'validation';
  /** Which sample of the split. */
  readonly index: number;
}

export interface NextSteps {
  /** Undefined where there are too few images to tell. */
  readonly forecast: Forecast | undefined;
  /** The most doubtful first. */
  readonly doubtful: readonly DoubtfulImage[];
  /** The share of all images whose likeliest class, out of fold, is their label. */
  readonly agreement: number;
}

/**
 * The forecast and the doubtful labels of a run's training and validation images; equal inputs and seeds give equal answers.
 * @throws DataError, ShapeError, as `fitLogisticRegression`
 */
export function forecastOf(
  train: SplitFeatures,
  validation: SplitFeatures,
  classes: number,
  seed: number | string = 0,
  options: Pick<ForecastOptions, 'added' | 'trainedOnThese' | 'alone'> = {},
): NextSteps {
  const all = joinedFeatures(train, validation);
  const { probabilities, l2 } = outOfFoldProbabilities({ ...all, classes, seed });
  const first = train.labels.length;
  const likeliest = (row: Float64Array) => row.reduce((best, p, c) => (p > (row[best] as number) ? c : best), 0);
  const agreed = Array.from(all.labels).filter(
    (label, i) => likeliest(probabilities.subarray(i * classes, (i + 1) * classes)) === label,
  );
  return {
    agreement: agreed.length / all.labels.length,
    forecast: forecast({ ...options, train, validation, classes, seed, l2 }),
    doubtful: doubtfulLabels(probabilities, all.labels, classes).map(({ sample, ...doubt }) => ({
      ...doubt,
      ...(sample < first
        ? { split: 'train', index: train.indices[sample]! }
        : { split: 'validation', index: validation.indices[sample - first]! }),
    })),
  };
}
