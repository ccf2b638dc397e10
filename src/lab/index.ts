export { type Claim, type ClaimAnswer, type ClaimSource, defineClaim } from './claims/claim.ts';
export { defineExperiment, type Experiment, type Repeated, type Shown } from './experiment.ts';
export { type ClaimsResult, claimsExperiment } from './experiments/claims.ts';
export { experiments, findExperiment } from './experiments.ts';
export { lab } from './lab.ts';
export type { LabCallback, LabOptions, LabRun, Setting, TrainingTime } from './lab-options.ts';
export type { Laboratory, LaboratoryBatch, OwnNetwork, Trained, TrainedRecord, Training } from './laboratory.ts';
