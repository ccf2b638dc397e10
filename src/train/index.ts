export { Classifier, type ClassifierOptions, loadClassifier, type Prediction } from './classifier.ts';
export { type EvaluationOptions, evaluateSplit, type Score } from './evaluate-split.ts';
export type { Callback, EpochEvent, StartEvent, StepEvent } from './events.ts';
export { type KnownOptions, optionsFromConfig } from './from-config.ts';
export { readClassList } from './import/class-list.ts';
export { interpolations } from './import/import-preprocessing.ts';
export { type ImportedWeights, type ImportOptions, importWeights } from './import/import-weights.ts';
export {
  type InspectOptions,
  inspectCheckpoint,
  inspectNetwork,
  type NetworkDescription,
  type PlannedMemory,
} from './inspect-network.ts';
export { augmentations, averages, objectives, optimisers, schedules } from './kinds.ts';
export { networkOnnx } from './network-onnx.ts';
export { type NetworkWeights, networkWeights } from './network-weights.ts';
export { freeFolder } from './run-folder.ts';
export { type RunStepOptions, runStepOnnx } from './run-step-onnx.ts';
export type { TrainOptions } from './settings.ts';
export { type StepOnnx, stepOnnx } from './step-onnx.ts';
export { train } from './train.ts';
export type { Run } from './training-run.ts';
export { version } from './version.ts';
