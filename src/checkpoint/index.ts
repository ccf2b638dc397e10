export { assertStateMatches } from './assert-state-matches.ts';
export { cacheFolder } from './cache-folder.ts';
export { canonicalJson } from './canonical-json.ts';
export {
  type Checkpoint,
  checkpointOf,
  loadCheckpoint,
  type Preprocessing,
  parsePreprocessing,
  saveCheckpoint,
  type TrainingProgress,
} from './checkpoint.ts';
export { fileError, reasonOf } from './file-error.ts';
export { type FolderLock, lockFolder } from './folder-lock.ts';
export { makeFolder } from './make-folder.ts';
export { readTorchFile, type TorchFile } from './torch-file.ts';
export { removeLeftovers, writeFileAtomic } from './write-file-atomic.ts';
