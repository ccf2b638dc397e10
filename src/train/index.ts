export { readAugmentations } from './augmentation-sets.ts';
export type {
  BadImageEvent,
  Callback,
  EpochEvent,
  EpochRecord,
  LengthEvent,
  PhaseEvent,
  StartEvent,
  StepEvent,
} from './events.ts';
export { fineTuning } from './fine-tuning/index.ts';
export { freeFolder } from './free-folder.ts';
export { type KnownOptions, layerList, optionsFromConfig } from './from-config.ts';
export {
  type InspectOptions,
  inspectCheckpoint,
  inspectNetwork,
  type NetworkDescription,
  type PlannedMemory,
} from './inspect-network.ts';
export { augmentations, averages, fineTunings, objectives, optimisers, schedules } from './kinds.ts';
export { type MemorySink, memorySink } from './memory-sink.ts';
export type { RateSearch, RateStep } from './rate-search/index.ts';
export type { Run } from './run.ts';
export type { Measurement, RunSink } from './run-sink.ts';
export { type RunStepOptions, runStepOnnx } from './run-step-onnx.ts';
export type { StartingHead } from './starting-head.ts';
export {
  type PreprocessingChoice,
  preprocessingChoices,
  type StartingPreprocessing,
} from './starting-preprocessing.ts';
export { type StepOnnx, stepOnnx } from './step-onnx.ts';
export { findRate, train } from './train.ts';
export { badImageChoices, type TrainOptions } from './train-options.ts';
export { waitingAdvice } from './waiting-advice.ts';
