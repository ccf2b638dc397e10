/** Every MPI library that this system has, those of the launcher's family first. */
import { readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findLibraries, programsOnPath } from '../libraries/index.ts';
import { EngineError } from '../tensor/index.ts';
import type { MpiFamily } from './handles.ts';
import type { Environment } from './launch.ts';

export const overrideName = 'SKEIN_MPI_LIB';

export interface LibraryFile {
  readonly path: string;
  readonly family: MpiFamily;
}

/** The file that the user names, if any. @throws EngineError where it is no library of MPI */
export function namedLibrary(): LibraryFile | undefined {
  const path = process.env[overrideName];
  if (!path) return undefined;
  const family = familyOf(path);
  if (family !== undefined) return { path, family };
  throw new EngineError(`mpi: ${overrideName} does not name an MPI library, but \`${path}\``, nameAnother);
}

export const nameAnother = `set ${overrideName} to the path of a libmpi, or unset it`;

const names = {
  linux: /^libmpi(ch|_abi)?\.so(\.\d+)*$/,
  darwin: /^libmpi(ch|_abi)?(\.\d+)*\.dylib$/,
};

/** Files to try, each once. */
export function mpiLibraries(environment: Environment = process.env): LibraryFile[] {
  const found = findLibraries(names, process.platform, ownFolders(environment)).flatMap((path) => {
    const family = familyOf(path);
    return family ? [{ path, family }] : [];
  });
  const order = familiesFor(environment);
  return found.sort((one, other) => order.indexOf(one.family) - order.indexOf(other.family));
}

/** Where only MPI's are: modules of clusters, and what lies beside the launcher that the PATH has. */
function ownFolders({ I_MPI_ROOT }: Environment): string[] {
  const intel = I_MPI_ROOT ? [join(I_MPI_ROOT, 'lib'), join(I_MPI_ROOT, 'lib', 'release')] : [];
  const besideLaunchers = programsOnPath('mpirun').flatMap((path) => {
    const root = dirname(dirname(realpathSync(path)));
    return [join(root, 'lib'), join(root, 'lib64')];
  });
  return [...intel, ...besideLaunchers, ...fedoraAndSuse.map((root) => join(root, 'lib')), ...suse];
}

/** Their packages of MPI put nothing where the loader looks. */
const fedoraAndSuse = ['/usr/lib64/openmpi', '/usr/lib64/mpich'];
const suse = ['openmpi5', 'openmpi4', 'mpich'].map((name) => `/usr/lib64/mpi/gcc/${name}/lib64`);

/** Folders with the launchers of those packages. */
export const launcherFolders: readonly string[] = [
  ...fedoraAndSuse.map((root) => join(root, 'bin')),
  ...suse.map((folder) => join(dirname(folder), 'bin')),
];

/** A library of the wrong family knows nothing of its launcher, and makes each process rank 0 of 1. */
function familiesFor(environment: Environment): readonly MpiFamily[] {
  const isMpich = environment.PMI_RANK !== undefined && environment.PMIX_RANK === undefined;
  return isMpich && environment.OMPI_COMM_WORLD_SIZE === undefined
    ? ['MPICH', 'MPI ABI', 'Open MPI']
    : ['Open MPI', 'MPICH', 'MPI ABI'];
}

/**
 * Told from the names in a file, not by loading it: two MPI libraries in one process disturb each other. Undefined where it is none of MPI.
 */
function familyOf(path: string): MpiFamily | undefined {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch {
    return undefined;
  }
  if (!content.includes('MPI_Allreduce')) return undefined;
  if (content.includes('ompi_mpi_comm_world')) return 'Open MPI';
  return /libmpi_abi\./.test(path) ? 'MPI ABI' : 'MPICH';
}
