export { cacheFolder } from './cache-folder.ts';
export { canonicalJson } from './canonical-json.ts';
export { fileError, reasonOf } from './file-error.ts';
export { type FolderLock, lockFolder, waitForFolder } from './folder-lock.ts';
export { makeFolder } from './make-folder.ts';
export { ownPlace } from './running-process.ts';
export { removeLeftovers, replaceFile, writeFileAtomic, writeFileInParts } from './write-file-atomic.ts';
