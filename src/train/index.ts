export { type Advice, adviceFor, adviceOptions, hasPretrained, imagesKind } from './advice.ts';
export { readAugmentations } from './augmentation-sets.ts';
export { type ClassWeights, type Sampling, samplings } from './class-balance.ts';
export { imagesDigest } from './config.ts';
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
export type { FineTuning } from './fine-tuning/fine-tuning.ts';
export { fineTuning } from './fine-tuning/index.ts';
export {
  type CrossValidation,
  type CrossValidationOptions,
  configOfFolds,
  crossValidate,
  type FoldResult,
  type FoldScore,
  type FoldsAccuracy,
  foldsIn,
} from './folds/index.ts';
export { freeFolder } from './free-folder.ts';
export { type KnownOptions, layerList, optionsFromConfig, optionsFromRecord } from './from-config.ts';
export {
  type InspectOptions,
  inspectCheckpoint,
  inspectNetwork,
  type NetworkDescription,
  type PlannedMemory,
} from './inspect-network.ts';
export { augmentations, averages, fineTunings, objectives, optimisers, schedules } from './kinds.ts';
export { measuredSeconds } from './measured-seconds.ts';
export { type MemorySink, memorySink } from './memory-sink.ts';
export { isModulePath, networkOf } from './network-of.ts';
export type { OpenSchedule } from './open-schedule.ts';
export { measuredRun, predictedSeconds } from './predicted-time.ts';
export type { RateSearch, RateStep } from './rate-search/index.ts';
export { recipeRows } from './recipe-rows.ts';
export {
  type ChangedSurrounding,
  type Compared,
  type Difference,
  type LayerNorms,
  type MaskShare,
  type ReplayedRun,
  type ReplayedSample,
  type ReplayedStep,
  type ReplayOptions,
  type ReplayPlan,
  replay,
  replayedRun,
  replayPageOf,
  type StepsAgainOptions,
  type Verification,
  type VerifiedLeg,
  type VerifyOptions,
  verify,
} from './replay/index.ts';
export type { Run } from './run.ts';
export { measurementsIn, runFolder } from './run-folder.ts';
export { type EpochToKeep, isBefore, type Measurement, type RunPoint, type RunSink } from './run-sink.ts';
export { type RunStepOptions, runStepOnnx } from './run-step-onnx.ts';
export { type SettledRun, settledDifference, settledRun } from './settled-run.ts';
export type { StartingHead } from './starting-head.ts';
export {
  type PreprocessingChoice,
  preprocessingChoices,
  type StartingPreprocessing,
} from './starting-preprocessing.ts';
export { type StepOnnx, stepOnnx } from './step-onnx.ts';
export { usualEpochs } from './time-budget/index.ts';
export { findRate, train } from './train.ts';
export { badImageChoices, type TrainOptions } from './train-options.ts';
export { waitingAdvice } from './waiting-advice.ts';
