/** The one command that installs oneDNN on this system, by the package manager that it has. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { isKnownVersion, newestFirst } from './versions.ts';

/** Where it was measured, oneDNN trains fastest. Elsewhere nothing recommends it, and `auto` does without. */
export const speedIsKnown = (architecture: string = process.arch): boolean => architecture === 'x64';

/**
 * Such as `sudo apt-get install libdnnl2`. An active conda environment comes before the system. Undefined where this system has no command
 * for a build with OpenMP, or where nothing recommends oneDNN.
 */
export async function installCommand(
  system: NodeJS.Platform = process.platform,
  architecture: string = process.arch,
): Promise<string | undefined> {
  if (!speedIsKnown(architecture)) return undefined;
  const conda = process.env.CONDA_PREFIX && ['conda', 'mamba', 'micromamba'].find(isOnPath);
  // conda-forge's `onednn` alone may be a build for TBB
  if (conda) return `${conda} install -c conda-forge onednn-cpu-omp`;
  // Homebrew's build for macOS has no OpenMP; on Linux gcc brings it
  if (system !== 'linux') return undefined;
  // who is root may have no sudo, as in a container
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  if (isOnPath('apt-get')) return debianCommand(sudo);
  if (isOnPath('zypper')) return `${sudo}zypper install libdnnl3`;
  if (isOnPath('dnf')) return `${sudo}dnf install onednn`;
  if (isOnPath('pacman')) return `${sudo}pacman -S onednn`;
  return isOnPath('brew') ? 'brew install onednn' : undefined;
}

function isOnPath(program: string): boolean {
  const endings = process.platform === 'win32' ? ['.exe', '.bat'] : [''];
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.some((folder) => endings.some((ending) => isProgram(join(folder, program + ending))));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** The package is called after the library's soname: libdnnl2, libdnnl3, libdnnl3.6. The system knows which it has. */
async function debianCommand(sudo: string): Promise<string | undefined> {
  const pattern = '^libdnnl[0-9.]+$';
  const versions = await knownPackages(pattern);
  // no lists were fetched yet, as in a new container
  if (versions.size === 0) return `${sudo}apt-get update && ${sudo}apt-get install '${pattern}'`;
  const usable = [...versions.keys()].filter((name) => {
    const [major = 0, minor = 0] = (versions.get(name)?.match(/\d+/g) ?? []).map(Number);
    return isKnownVersion(major, minor);
  });
  const [newest] = newestFirst(usable);
  return newest && `${sudo}apt-get install ${newest}`;
}

/** Versions by name. */
async function knownPackages(pattern: string): Promise<Map<string, string>> {
  const words = ['search', '--names-only', '--full', pattern];
  const { stdout } = await promisify(execFile)('apt-cache', words, { timeout: 10_000 }).catch(() => ({ stdout: '' }));
  const records = stdout.matchAll(/^Package: (.+)\n(?:.+\n)*?Version: (?:\d+:)?(.+)$/gm);
  return new Map([...records].map(([, name = '', version = '']) => [name, version]));
}
