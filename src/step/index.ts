export { averages, objectives, optimisers } from './kinds.ts';
export type { LayerRate } from './rate-groups.ts';
export { gradientsProgram, updateProgram } from './step-halves.ts';
export { type BatchRows, type StepBatch, stepInputs } from './step-inputs.ts';
export { parametersOf, type StepOptions, type StepRanks } from './step-options.ts';
export { predictionProgram, stepProgram } from './step-program.ts';
export { type TrainingPrograms, trainingPrograms } from './training-programs.ts';
export { averagedPrediction, predictingState } from './update-parameters.ts';
