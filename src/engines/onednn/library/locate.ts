/** Every oneDNN that this system has. */
import { findLibraries } from '../../../libraries/index.ts';
import { newestFirst } from './versions.ts';

export const overrideName = 'SKEIN_ONEDNN_LIB';

/** The path that the user names, if any. */
export const namedLibrary = (): string | undefined => process.env[overrideName] || undefined;

export const oneDnnNames = {
  win32: /^dnnl\.dll$/i,
  darwin: /^libdnnl(\.\d+)*\.dylib$/,
  linux: /^libdnnl\.so(\.\d+)*$/,
};

/** Files to try, the newest version first, each once. Not all need be for this processor, or whole. */
export const libraryCandidates = (system: NodeJS.Platform = process.platform): string[] =>
  newestFirst(findLibraries(oneDnnNames, system));
