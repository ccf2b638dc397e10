export { checkpointMetadata } from './checkpoint-metadata.ts';
export { expectRoom, programOf, wholeProgramOf } from './checkpoint-program.ts';
export {
  type Answer,
  Classifier,
  type ClassifierOptions,
  type Embedding,
  type EmbedOptions,
  type EvaluateOptions,
  type Evaluation,
  loadClassifier,
  type Prediction,
  type SkippedImage,
} from './classifier.ts';
export { changesText } from './data-changes.ts';
export {
  type EmbedDataOptions,
  type EmbeddedData,
  embedData,
  type FeatureScoring,
  type NearImage,
} from './embedding/embed-data.ts';
export { type Embedded, type EmbedSplitOptions, embedSplit } from './embedding/embed-split.ts';
export { featureFiles } from './embedding/feature-file.ts';
export { type EvaluationOptions, evaluateSplit, realSamples, type Score } from './evaluate-split.ts';
export type { DatasetAnswers } from './evaluation/answer-store.ts';
export type { CorruptionOptions } from './evaluation/corrupted.ts';
export {
  type CheckpointEvaluation,
  type EvaluateCheckpointOptions,
  type EvaluationWork,
  evaluate,
} from './evaluation/evaluate.ts';
export { type EvaluationImages, evaluationImages, type ImagesOptions } from './evaluation/evaluation-images.ts';
export { evaluationReport } from './evaluation/evaluation-report.ts';
export type { ClassResult, EvaluationResults, WrongAnswer } from './evaluation/evaluation-results.ts';
export { isReal, type PairedDifference, pairedDifference, verdictOf } from './evaluation/paired.ts';
export type { View, ViewSet } from './evaluation/view.ts';
export { findViews, viewSets } from './evaluation/views/index.ts';
export {
  type DataParts,
  dataParts,
  type EvaluationData,
  type EvaluationSplit,
  evaluationData,
  evaluationSplits,
} from './evaluation-data.ts';
export { classesIn } from './import/classes-in.ts';
export { foreignState } from './import/fit-network.ts';
export { interpolations } from './import/import-preprocessing.ts';
export { type ImportedWeights, type ImportOptions, importWeights } from './import/import-weights.ts';
export { type NamedWeights, namedWeights } from './import/named-weights.ts';
export { type ForeignWeights, readWeights } from './import/read-weights.ts';
export { digestOf, type KnownSplit, knownSplit, splitFile } from './kept-data.ts';
export { findDataFor, imagesFor } from './network-images.ts';
export { networkOnnx } from './network-onnx.ts';
export { type NetworkWeights, networkWeights } from './network-weights.ts';
export { version } from './version.ts';
