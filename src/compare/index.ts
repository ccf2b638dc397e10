export { compare } from './compare.ts';
export type { CompareOptions } from './compare-options.ts';
export type { Comparison } from './comparison.ts';
export { comparisonIn } from './comparison-folder.ts';
export type { Difference } from './differences.ts';
export type { ComparisonCallback, ComparisonStart, RunPlace } from './events.ts';
export type { ComparedAccuracy, ComparedNetwork, ComparedRun } from './network-result.ts';
export { recordedComparison } from './recorded-comparison.ts';
export type { EpochOutcome, RunFailure, RunOutcome } from './run-outcome.ts';
