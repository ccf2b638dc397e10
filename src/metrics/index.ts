export { argMax, topK } from './accuracy.ts';
export { type AnswerRows, answerRows, meanOf } from './answer-rows.ts';
export {
  calibrationError,
  confidenceBins,
  expectedCalibrationError,
  type ReliabilityBin,
  reliabilityBins,
  usualBins,
} from './calibration.ts';
export { type CalibrationNoise, calibrationNoise } from './calibration-noise.ts';
export { type ConfusedPair, confusedPairs } from './confused-pairs.ts';
export { type ClassScores, ConfusionMatrix } from './confusion-matrix.ts';
export { type Coverage, type CoveragePoint, coverage, coverageAt, fewerPoints } from './coverage.ts';
export { crossEntropy, softmax } from './cross-entropy.ts';
export { holm } from './holm.ts';
export { type McNemar, mcNemar } from './mcnemar.ts';
export { median } from './median.ts';
export { type PairedCounts, pairedBootstrap } from './paired-bootstrap.ts';
export { type PairedTTest, pairedTTest } from './paired-t-test.ts';
export { quantile } from './quantile.ts';
export { rankCorrelation } from './rank-correlation.ts';
export { twoSidedT } from './student-t.ts';
export { type MeanInterval, tInterval } from './t-interval.ts';
export { fitTemperature } from './temperature.ts';
export { wilsonInterval } from './wilson-interval.ts';
