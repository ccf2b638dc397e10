export {
  type DoubtfulLabel,
  type DoubtfulLabelsOptions,
  doubtfulLabels,
  findDoubtfulLabels,
} from './doubtful-labels.ts';
export type { Features } from './feature-products.ts';
export type { LabelledFeatures } from './folds.ts';
export {
  type ClassForecast,
  type Estimate,
  type Forecast,
  type ForecastOptions,
  forecast,
  forecastWork,
  type Growth,
} from './forecast.ts';
export { type DoubtfulImage, forecastOf, type NextSteps, type SplitFeatures } from './forecast-of.ts';
export {
  classProbabilities,
  fitLogisticRegression,
  type LinearFit,
  type LogisticRegression,
  type LogisticRegressionOptions,
} from './logistic-regression.ts';
export { type NeighbourOptions, type Neighbours, nearestNeighbours, votedLabels } from './nearest-neighbours.ts';
export { type OutOfFold, type OutOfFoldOptions, outOfFoldProbabilities } from './out-of-fold.ts';
export { type Belief, errorAt, fitPowerLaw, type PowerLaw, type PowerLawOptions } from './power-law.ts';
export {
  type FeatureScore,
  type FeatureScoreOptions,
  type FeatureScores,
  scoreFeatures,
} from './score-features.ts';
export type { FeatureRows } from './unit-rows.ts';
