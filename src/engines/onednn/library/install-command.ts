/** The one command that installs oneDNN on this system, by the package manager that it has. */
import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

/** Such as `sudo apt-get install libdnnl2`. An active conda environment comes before the system. */
export async function installCommand(system: NodeJS.Platform = process.platform): Promise<string> {
  const conda = 'conda install -c conda-forge onednn';
  if (process.env.CONDA_PREFIX || system === 'win32') return conda;
  if (system === 'darwin') return isOnPath('conda') && !isOnPath('brew') ? conda : 'brew install onednn';
  // who is root may have no sudo, as in a container
  const sudo = process.getuid?.() === 0 ? '' : 'sudo ';
  if (isOnPath('apt-get')) return `${sudo}apt-get install ${await debianPackage()}`;
  if (isOnPath('dnf')) return `${sudo}dnf install onednn`;
  return isOnPath('brew') ? 'brew install onednn' : conda;
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    const path = join(folder, program);
    try {
      accessSync(path, constants.X_OK);
      return folder !== '' && statSync(path).isFile();
    } catch {
      return false;
    }
  });
}

/** Debian and Ubuntu name the package after the library's major version; the system knows which it has. */
async function debianPackage(): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('apt-cache', ['pkgnames', 'libdnnl'], { timeout: 5000 });
    const names = stdout.split('\n').filter((name) => /^libdnnl[23]$/.test(name));
    return names.sort().at(-1) ?? 'libdnnl2';
  } catch {
    return 'libdnnl2';
  }
}
