export {
  classProbabilities,
  fitLogisticRegression,
  type LinearFit,
  type LogisticRegression,
  type LogisticRegressionOptions,
} from './logistic-regression.ts';
export { type NeighbourOptions, type Neighbours, nearestNeighbours, votedLabels } from './nearest-neighbours.ts';
export {
  type FeatureScore,
  type FeatureScoreOptions,
  type FeatureScores,
  type LabelledFeatures,
  scoreFeatures,
} from './score-features.ts';
export type { FeatureRows } from './unit-rows.ts';
