/** Finds oneDNN on this machine, tells its version, and opens it. */
import { EngineError } from '../../../tensor/index.ts';
import { installCommand } from './install-command.ts';
import type { Library } from './library.ts';
import { libraryCandidates, namedLibrary, overrideName } from './locate.ts';
import { type MissingLibrary, missingKoffi, missingOneDnn } from './missing-library.ts';
import { loadNative, type Native, type SharedLibrary } from './native.ts';
import { OpenedLibrary } from './opened-library.ts';
import { otherRuntime } from './threads.ts';
import { bindVersion2 } from './v2.ts';
import { bindVersion3 } from './v3.ts';
import { isKnownVersion } from './versions.ts';

/**
 * Opens oneDNN for this thread alone: the file in SKEIN_ONEDNN_LIB where that is set, else the newest usable one that the system has. Loading
 * a file runs its code, so whoever does not trust it asks `probe` first, which does this in a process of its own. `before` is told each file
 * that is about to be loaded; files in `passedOver` are not, unless named.
 * @throws EngineError where SKEIN_ONEDNN_LIB names no usable oneDNN, where all that the system has are of unknown versions, have no OpenMP,
 * lack a function or give no engine
 */
export async function openLibrary(
  before: (path: string) => void = () => {},
  passedOver: readonly string[] = [],
): Promise<Library | MissingLibrary> {
  const native = await loadNative();
  if (!native) return missingKoffi;
  const open = (path: string): Library => {
    before(path);
    const library = native.open(path);
    const version = versionOf(native, library);
    const bind = version.startsWith('2.') ? bindVersion2 : bindVersion3;
    return new OpenedLibrary(native, library, bind(native, library), version);
  };
  const named = namedLibrary();
  if (named !== undefined) return openNamed(named, open);
  return openFound(
    libraryCandidates().filter((path) => !passedOver.includes(path)),
    open,
  );
}

/** @throws Error with the system's reason where this is no library; EngineError where it is none that can be used */
type Open = (path: string) => Library;

function openNamed(path: string, open: Open): Library {
  try {
    return open(path);
  } catch (error) {
    const { message, hint } = error as EngineError;
    if (error instanceof EngineError)
      throw new EngineError(
        message,
        hint ?? `unset ${overrideName} or set it to a oneDNN built with OpenMP, or use --engine onnxruntime`,
      );
    throw new EngineError(
      `onednn: ${overrideName} does not name a library that can be loaded, but \`${path}\`: ${message}`,
      `set ${overrideName} to the path of a libdnnl, or unset it`,
    );
  }
}

/** The newest that can be used. Else the first that can be loaded says why not. */
async function openFound(paths: readonly string[], open: Open): Promise<Library | MissingLibrary> {
  const refusals: EngineError[] = [];
  const failures: string[] = [];
  for (const path of paths) {
    try {
      return open(path);
    } catch (error) {
      if (error instanceof EngineError) refusals.push(error);
      else failures.push(`${(error as Error).message}; ${path}`);
    }
  }
  const [refused] = refusals;
  if (!refused) return missingOneDnn(failures[0]);
  const command = await installCommand();
  const another = command ? `run \`${command}\`` : `set ${overrideName} to a oneDNN built with OpenMP`;
  throw new EngineError(refused.message, refused.hint ?? `${another}, or use --engine onnxruntime`);
}

/** @throws EngineError where this is no oneDNN, or none that can be used; with a hint where only its version is wrong */
function versionOf(native: Native, library: SharedLibrary): string {
  const { path } = library;
  if (!library.has('dnnl_version') || !library.has('dnnl_engine_create'))
    throw new EngineError(`onednn: ${path} is another library, without the function dnnl_version`);
  const view = new DataView(native.bytesAt(library.pointer('dnnl_version')(), 32).slice().buffer);
  const [major, minor, patch] = [0, 4, 8].map((offset) => view.getInt32(offset, true)) as [number, number, number];
  const version = `${major}.${minor}.${patch}`;
  if (!isKnownVersion(major, minor))
    throw new EngineError(
      `onednn: expected oneDNN 3, or 2 from 2.6 on, but got ${version}; ${path}`,
      `set ${overrideName} to one of these, or use --engine onnxruntime`,
    );
  const other = otherRuntime(view.getUint32(24, true), library);
  if (other === undefined) return version;
  throw new EngineError(
    `onednn: expected a build with OpenMP, whose threads can be set, but oneDNN ${version} ${other}; ${path}`,
  );
}
