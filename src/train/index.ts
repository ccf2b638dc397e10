export type { Callback, EpochEvent, StartEvent, StepEvent } from './events.ts';
export { type KnownOptions, layerList, optionsFromConfig } from './from-config.ts';
export {
  type InspectOptions,
  inspectCheckpoint,
  inspectNetwork,
  type NetworkDescription,
  type PlannedMemory,
} from './inspect-network.ts';
export { augmentations, averages, objectives, optimisers, schedules } from './kinds.ts';
export { freeFolder } from './run-folder.ts';
export { type RunStepOptions, runStepOnnx } from './run-step-onnx.ts';
export type { TrainOptions } from './settings.ts';
export { type StepOnnx, stepOnnx } from './step-onnx.ts';
export { train } from './train.ts';
export type { Run } from './training-run.ts';
