/** This process becomes a rank of its job. */
import { EngineError } from '../tensor/index.ts';
import { Communicator } from './communicator.ts';
import { launched } from './launch.ts';
import { openLibrary } from './library.ts';

/** Libraries to try, by the launcher that started this process. */
const candidates = (): readonly string[] => {
  const named = process.env.SKEIN_MPI_LIB;
  if (named) return [named];
  return process.env.OMPI_COMM_WORLD_SIZE === undefined && process.env.PMI_SIZE !== undefined
    ? ['libmpich.so.12', 'libmpi.so.12', 'libmpi.so']
    : ['libmpi.so.40', 'libmpi.so'];
};

/**
 * Begins MPI, once in a process.
 * @throws EngineError where there is no library, or one that does not belong to the launcher
 */
export async function joinRanks(): Promise<Communicator> {
  const koffi = (await import('koffi')).default;
  const failures: string[] = [];
  for (const path of candidates()) {
    try {
      const communicator = Communicator.begin(openLibrary(koffi, path));
      const expected = launched()?.size;
      if (expected !== undefined && communicator.size !== expected)
        throw new EngineError(
          `mpi: the launcher started ${expected} ranks, but ${communicator.library.version} knows ${communicator.size}`,
          'use the mpirun of the same library, or name its library in SKEIN_MPI_LIB',
        );
      return communicator;
    } catch (error) {
      if (error instanceof EngineError) throw error;
      failures.push((error as Error).message);
    }
  }
  throw new EngineError(`mpi: no MPI library can be loaded: ${failures.join('; ')}`);
}
