export { assertStateMatches } from './assert-state-matches.ts';
export {
  type Calibration,
  type Checkpoint,
  checkpointOf,
  loadCheckpoint,
  type Preprocessing,
  parsePreprocessing,
  saveCheckpoint,
  type TrainingProgress,
} from './checkpoint.ts';
export { type OtherFile, otherFile, otherFolder } from './other-file.ts';
