export {
  classProbabilities,
  fitLogisticRegression,
  type LinearFit,
  type LogisticRegression,
  type LogisticRegressionOptions,
} from './logistic-regression.ts';
export { type NeighbourOptions, type Neighbours, nearestNeighbours, votedLabels } from './nearest-neighbours.ts';
