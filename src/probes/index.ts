export {
  classProbabilities,
  fitLogisticRegression,
  type LinearFit,
  type LogisticRegression,
  type LogisticRegressionOptions,
} from './logistic-regression.ts';
