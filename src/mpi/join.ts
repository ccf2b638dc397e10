/** This process becomes a rank of its job. */
import { EngineError } from '../tensor/index.ts';
import { Communicator, type JoinOptions } from './communicator.ts';
import { launched } from './launch.ts';
import { type MpiLibrary, openLibrary } from './library.ts';
import { type LibraryFile, mpiLibraries, nameAnother, namedLibrary, overrideName } from './locate.ts';
import { missingKoffi, missingLibrary } from './missing.ts';

type Koffi = typeof import('koffi')['default'];

/**
 * Begins MPI, once in a process: with the file in SKEIN_MPI_LIB where that is set, else with the first library that the system has.
 * @throws EngineError where there is no library, or one that does not belong to the launcher
 */
export async function joinRanks(options: JoinOptions = {}): Promise<Communicator> {
  const koffi = await import('koffi').then(
    (module) => module.default,
    () => undefined,
  );
  if (koffi === undefined) throw missingKoffi();
  const named = namedLibrary();
  const library = named === undefined ? await openFound(koffi) : openNamed(koffi, named);
  const communicator = Communicator.begin(library, options);
  const expected = launched()?.size;
  if (expected === undefined || communicator.size === expected) return communicator;
  const { version, path } = library;
  throw new EngineError(
    `mpi: the launcher started ${expected} ranks, but ${version} knows ${communicator.size}; ${path}`,
    hintFor(expected, communicator.size),
  );
}

function hintFor(expected: number, known: number): string {
  if (process.env.SLURM_STEP_NUM_TASKS === String(expected) && known === 1)
    return 'use srun --mpi=pmix or --mpi=pmi2 (srun --mpi=list shows what there is), or mpirun';
  return `use the mpirun of the same library, or set ${overrideName} to the launcher's`;
}

function openNamed(koffi: Koffi, { path, family }: LibraryFile): MpiLibrary {
  try {
    return openLibrary(koffi, path, family);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const { message } = error as Error;
    throw new EngineError(`mpi: ${overrideName} names a library that cannot be loaded: ${message}`, nameAnother);
  }
}

async function openFound(koffi: Koffi): Promise<MpiLibrary> {
  const failures: string[] = [];
  for (const { path, family } of mpiLibraries()) {
    try {
      return openLibrary(koffi, path, family);
    } catch (error) {
      // it was loaded, and a second one beside it would disturb both
      if (error instanceof EngineError) throw error;
      failures.push((error as Error).message);
    }
  }
  throw await missingLibrary(failures);
}
