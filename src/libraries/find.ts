/** Libraries by their files' names, wherever the system's loader looks. */
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';

/** What the files are called on each system; absent where there are none. */
export type LibraryNames = Readonly<Partial<Record<NodeJS.Platform, RegExp>>>;

/** Files, each once, as their own names and not those of links to them. Not all need be for this processor, or whole. */
export function findLibraries(
  names: LibraryNames,
  system: NodeJS.Platform = process.platform,
  besides: readonly string[] = [],
): string[] {
  const name = names[system === 'win32' || system === 'darwin' ? system : 'linux'];
  if (name === undefined) return [];
  const inFolders = [...besides, ...folders(system)].flatMap((folder) => librariesIn(folder, name));
  const found = system === 'linux' ? [...inFolders, ...listedByLoader(name)] : inFolders;
  return [...new Set(found.flatMap(realFile))];
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

function librariesIn(folder: string, name: RegExp): string[] {
  try {
    return readdirSync(folder)
      .filter((file) => name.test(file))
      .map((file) => join(folder, file));
  } catch {
    return [];
  }
}

/** What `ldconfig -p` prints is in this file, which names libraries by their paths, each ended by a zero. */
function listedByLoader(name: RegExp): string[] {
  try {
    return pathsInCache(readFileSync('/etc/ld.so.cache', 'latin1'), name);
  } catch {
    return [];
  }
}

export const pathsInCache = (cache: string, name: RegExp): string[] =>
  (cache.match(/\/[^\0]+(?=\0)/g) ?? []).filter((path) => name.test(basename(path)));

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
