/** Whether gradients are reduced while others are still computed. */
import { ConfigError } from '../tensor/index.ts';
import type { Environment } from './launch.ts';
import type { MpiLibrary } from './library.ts';

/** What decides it. */
interface Job {
  /** Of each rank. */
  readonly hosts: readonly string[];
  readonly library: Pick<MpiLibrary, 'family'>;
}

/**
 * What SKEIN_OVERLAP says, or else where it was measured to gain: between machines, with Open MPI.
 * @throws ConfigError where SKEIN_OVERLAP is neither on nor off
 */
export function overlaps({ hosts, library }: Job, environment: Environment = process.env): boolean {
  const { SKEIN_OVERLAP: said } = environment;
  if (said === 'on' || said === 'off') return said === 'on';
  if (said)
    throw new ConfigError(
      `mpi: expected SKEIN_OVERLAP to be on or off, but got \`${said}\``,
      'without it, gradients are reduced during the backward pass between machines with Open MPI',
    );
  return library.family === 'Open MPI' && new Set(hosts).size > 1;
}

/**
 * What Open MPI must find in its environment when it begins. What is not blocking, and in place, goes up a tree and down again by default: every byte
 * passes the root's line twice. A ring halves that.
 */
export const ring = (environment: Environment): Record<string, string> => {
  const name = 'OMPI_MCA_coll_libnbc_iallreduce_algorithm';
  return { [name]: environment[name] ?? '1' };
};
