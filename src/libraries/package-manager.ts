/** Which program installs packages here, told from what the PATH has. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

export interface PackageManager {
  readonly name: 'conda' | 'apt-get' | 'zypper' | 'dnf' | 'pacman' | 'brew';
  /** The beginning of the command, such as `sudo apt-get install`. */
  readonly install: string;
  /** What fetches the lists of packages, where a new container has none. */
  readonly refresh?: string;
}

/** An active conda environment comes before the system. Undefined where this system has none that is known. */
export function packageManager(system: NodeJS.Platform = process.platform): PackageManager | undefined {
  const conda = process.env.CONDA_PREFIX && ['conda', 'mamba', 'micromamba'].find(isOnPath);
  if (conda) return { name: 'conda', install: `${conda} install -c conda-forge` };
  if (system === 'linux') {
    // who is root may have no sudo, as in a container
    const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
    if (isOnPath('apt-get'))
      return { name: 'apt-get', install: `${sudo}apt-get install`, refresh: `${sudo}apt-get update` };
    if (isOnPath('zypper')) return { name: 'zypper', install: `${sudo}zypper install` };
    if (isOnPath('dnf')) return { name: 'dnf', install: `${sudo}dnf install` };
    if (isOnPath('pacman')) return { name: 'pacman', install: `${sudo}pacman -S` };
  }
  return system !== 'win32' && isOnPath('brew') ? { name: 'brew', install: 'brew install' } : undefined;
}

export const isOnPath = (program: string): boolean => programsOnPath(program).length > 0;

/** Where the PATH has a program, the first one being the one that is run. */
export function programsOnPath(program: string): string[] {
  const endings = process.platform === 'win32' ? ['.exe', '.bat'] : [''];
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => endings.map((ending) => join(folder, program + ending))).filter(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Of Debian's packages those whose names match: versions by name. None where no lists were fetched yet. */
export async function knownPackages(pattern: string): Promise<Map<string, string>> {
  const words = ['search', '--names-only', '--full', pattern];
  const { stdout } = await promisify(execFile)('apt-cache', words, { timeout: 10_000 }).catch(() => ({ stdout: '' }));
  const records = stdout.matchAll(/^Package: (.+)\n(?:.+\n)*?Version: (?:\d+:)?(.+)$/gm);
  return new Map([...records].map(([, name = '', version = '']) => [name, version]));
}
