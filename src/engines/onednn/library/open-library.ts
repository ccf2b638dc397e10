/** Finds oneDNN on this machine, tells its version, and opens it. */
import { EngineError } from '../../../tensor/index.ts';
import { installCommand } from './install-command.ts';
import type { Library } from './library.ts';
import { libraryCandidates, namedLibrary, overrideName } from './locate.ts';
import { loadNative, type Native, type SharedLibrary } from './native.ts';
import { OpenedLibrary } from './opened-library.ts';
import { bindVersion2 } from './v2.ts';
import { bindVersion3 } from './v3.ts';

/** What is not installed, and the one command that installs it. */
export interface MissingLibrary {
  readonly missing: 'koffi' | 'oneDNN';
  readonly problem: string;
  /** Such as `npm install koffi`. */
  readonly command: string;
  /** The command as advice. */
  readonly remedy: string;
}

export const isMissing = (found: object): found is MissingLibrary => 'missing' in found;

/**
 * Opens oneDNN for this thread alone: the file in SKEIN_ONEDNN_LIB where that is set, else the newest that the system has. Loading a file
 * runs its code, so whoever does not trust it asks `probe` first, which does this in a process of its own. `before` is told each file that
 * is about to be loaded.
 * @throws EngineError where SKEIN_ONEDNN_LIB names no usable oneDNN, where what the system has is of an unknown version, lacks a function or
 * gives no engine
 */
export async function openLibrary(before: (path: string) => void = () => {}): Promise<Library | MissingLibrary> {
  const native = await loadNative();
  if (!native) return missingKoffi;
  const named = namedLibrary();
  const open = (path: string) => {
    before(path);
    return native.open(path);
  };
  const library = named === undefined ? firstOf(libraryCandidates(), open) : openNamed(named, open);
  if (!library) return missing('oneDNN', 'the library oneDNN (libdnnl) is not installed', await installCommand());
  const version = versionOf(native, library);
  const bind = version.startsWith('2.') ? bindVersion2 : bindVersion3;
  return new OpenedLibrary(native, library, bind(native, library), version);
}

const missing = (what: MissingLibrary['missing'], problem: string, command: string): MissingLibrary => ({
  missing: what,
  problem,
  command,
  remedy: `run \`${command}\``,
});

/** Without it no library can be loaded. */
export const missingKoffi = missing('koffi', 'the package koffi is not installed', 'npm install koffi');

const anotherPath = `set ${overrideName} to the path of a libdnnl, or unset it`;

type Open = (path: string) => SharedLibrary;

function openNamed(path: string, open: Open): SharedLibrary {
  try {
    return open(path);
  } catch (error) {
    throw new EngineError(
      `onednn: ${overrideName} does not name a library that can be loaded: ${(error as Error).message}; ${path}`,
      anotherPath,
    );
  }
}

function firstOf(paths: readonly string[], open: Open): SharedLibrary | undefined {
  for (const path of paths) {
    try {
      return open(path);
    } catch {
      // not there: the next one
    }
  }
  return undefined;
}

/** Threads of its own, or one: other builds return from a call before it is done. */
const usableRuntimes = [1, 2, 4];

/** @throws EngineError where this is no oneDNN, or none that can be used */
function versionOf(native: Native, library: SharedLibrary): string {
  const { path } = library;
  if (!library.has('dnnl_version') || !library.has('dnnl_engine_create'))
    throw new EngineError(`onednn: this is another library, without the function dnnl_version; ${path}`, anotherPath);
  const view = new DataView(native.bytesAt(library.pointer('dnnl_version')(), 32).slice().buffer);
  const [major, minor, patch] = [0, 4, 8].map((offset) => view.getInt32(offset, true)) as [number, number, number];
  const version = `${major}.${minor}.${patch}`;
  const runtime = view.getUint32(24, true);
  if (!usableRuntimes.includes(runtime))
    throw new EngineError(
      `onednn: expected a build for OpenMP or TBB, but oneDNN ${version} has another runtime (${runtime}); ${path}`,
      anotherPath,
    );
  if (major === 3 || (major === 2 && minor >= 6)) return version;
  throw new EngineError(`onednn: expected oneDNN 2.6 or newer, or 3, but got ${version}; ${path}`, anotherPath);
}
