export { argMax, topK } from './accuracy.ts';
export { expectedCalibrationError, type ReliabilityBin, reliabilityBins } from './calibration.ts';
export { type ClassScores, ConfusionMatrix } from './confusion-matrix.ts';
export { crossEntropy, softmax } from './cross-entropy.ts';
export { rankCorrelation } from './rank-correlation.ts';
export { type MeanInterval, tInterval } from './t-interval.ts';
export { wilsonInterval } from './wilson-interval.ts';
