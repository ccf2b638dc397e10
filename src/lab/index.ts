export { defineExperiment, type Experiment, type Repeated, type Shown } from './experiment.ts';
export { experiments, findExperiment } from './experiments.ts';
export { lab } from './lab.ts';
export type { LabCallback, LabOptions, LabRun, Setting, TrainingTime } from './lab-options.ts';
export type { Laboratory, LaboratoryBatch, OwnNetwork, Trained, TrainedRecord, Training } from './laboratory.ts';
