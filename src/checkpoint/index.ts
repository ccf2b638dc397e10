export { assertStateMatches } from './assert-state-matches.ts';
export {
  type Checkpoint,
  loadCheckpoint,
  type Preprocessing,
  saveCheckpoint,
  type TrainingProgress,
} from './checkpoint.ts';
export { writeFileAtomic } from './write-file-atomic.ts';
