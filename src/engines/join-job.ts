import { launched } from '../mpi/index.ts';
import type { Ranks } from './engine.ts';
import { RankProcess } from './process/rank-process.ts';

/**
 * Becomes a rank of the job that a launcher such as mpirun started this process for; undefined where it was started alone. Once in a process.
 * @throws EngineError where there is no MPI, or the ranks do not find each other
 */
export async function joinJob(): Promise<Ranks | undefined> {
  const launch = launched();
  if (launch === undefined || launch.size === 1) return undefined;
  return RankProcess.start();
}
