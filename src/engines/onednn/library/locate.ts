/** Every oneDNN that this system has: files named like it, wherever the system's loader looks. */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { newestFirst } from './versions.ts';

export const overrideName = 'SKEIN_ONEDNN_LIB';

/** The path that the user names, if any. */
export const namedLibrary = (): string | undefined => process.env[overrideName] || undefined;

/** Files to try, the newest version first, each once. Not all need be for this processor, or whole. */
export function libraryCandidates(system: NodeJS.Platform = process.platform): string[] {
  const inFolders = folders(system).flatMap((folder) => librariesIn(folder, system));
  const found = system === 'linux' ? [...inFolders, ...listedByLoader()] : inFolders;
  return newestFirst(new Set(found.flatMap(realFile)));
}

/** Where libraries usually are; what the user's environment says comes first. */
function folders(system: NodeJS.Platform): string[] {
  const { PATH, LD_LIBRARY_PATH, DYLD_LIBRARY_PATH, CONDA_PREFIX, HOMEBREW_PREFIX } = process.env;
  const listed = (list: string | undefined) => list?.split(delimiter).filter(Boolean) ?? [];
  const inside = (root: string | undefined, ...path: string[]) => (root ? [join(root, ...path)] : []);
  if (system === 'win32') return [...inside(CONDA_PREFIX, 'Library', 'bin'), ...listed(PATH)];
  const environment = [...inside(CONDA_PREFIX, 'lib'), ...inside(HOMEBREW_PREFIX, 'lib')];
  if (system === 'darwin')
    return [...listed(DYLD_LIBRARY_PATH), ...environment, '/opt/homebrew/lib', '/usr/local/lib', '/opt/local/lib'];
  const usual = ['/usr/local/lib', '/usr/local/lib64', '/usr/lib', '/usr/lib64'];
  const debian = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  const homebrew = '/home/linuxbrew/.linuxbrew/lib';
  return [...listed(LD_LIBRARY_PATH), ...environment, ...usual, join('/usr/lib', debian), homebrew];
}

function librariesIn(folder: string, system: NodeJS.Platform): string[] {
  const name =
    system === 'win32' ? /^dnnl\.dll$/i : system === 'darwin' ? /^libdnnl(\.\d+)*\.dylib$/ : /^libdnnl\.so(\.\d+)*$/;
  try {
    return readdirSync(folder)
      .filter((file) => name.test(file))
      .map((file) => join(folder, file));
  } catch {
    return [];
  }
}

/** What `ldconfig -p` prints is in this file, which names libraries by their paths, each ended by a zero. */
function listedByLoader(): string[] {
  try {
    return pathsInCache(readFileSync('/etc/ld.so.cache', 'latin1'));
  } catch {
    return [];
  }
}

export const pathsInCache = (cache: string): string[] => cache.match(/\/[^\0]*\/libdnnl\.so(\.\d+)*(?=\0)/g) ?? [];

/** Several names may lead to one file, whose own name has the whole version; a link may lead nowhere. */
function realFile(path: string): string[] {
  try {
    const real = realpathSync(path);
    // opening a pipe would wait for somebody to write
    return statSync(real).isFile() ? [real] : [];
  } catch {
    return [];
  }
}
