/** What is to be done where something of MPI is missing. */
import { knownPackages, packageManager } from '../libraries/index.ts';
import { EngineError } from '../tensor/index.ts';
import { overrideName } from './locate.ts';

const packages = {
  conda: 'openmpi',
  'apt-get': 'openmpi-bin',
  zypper: 'openmpi4',
  dnf: 'openmpi',
  pacman: 'openmpi',
  brew: 'open-mpi',
};

/** Such as `sudo apt-get install openmpi-bin`: a library and its launcher. Undefined where this system has no command that is known. */
export async function installCommand(system: NodeJS.Platform = process.platform): Promise<string | undefined> {
  const manager = packageManager(system);
  if (manager === undefined) return undefined;
  const name = packages[manager.name];
  const command = `${manager.install} ${name}`;
  const needsLists = manager.refresh !== undefined && (await knownPackages(`^${name}$`)).size === 0;
  return needsLists ? `${manager.refresh} && ${command}` : command;
}

/** What to do where there is no library, or no launcher. */
export async function installHint(system: NodeJS.Platform = process.platform): Promise<string> {
  if (system === 'win32') return 'use Linux or macOS, or WSL on Windows';
  const command = await installCommand(system);
  return command === undefined ? 'install Open MPI or MPICH' : `run \`${command}\``;
}

/** `failures` are why files that are there cannot be loaded. */
export async function missingLibrary(failures: readonly string[]): Promise<EngineError> {
  if (failures.length === 0)
    return new EngineError('mpi: no MPI library (libmpi or libmpich) is installed', await installHint());
  return new EngineError(
    `mpi: no MPI library can be loaded: ${failures.join('; ')}`,
    `${await installHint()}, or set ${overrideName} to the path of a libmpi`,
  );
}

export const missingKoffi = () => new EngineError('mpi: the package koffi is not installed', 'run `npm install koffi`');
