/** Whether gradients are reduced while others are still computed. */
import { ConfigError } from '../tensor/index.ts';
import type { Environment } from './launch.ts';
import type { MpiLibrary } from './library.ts';

/** What decides it. */
interface Job {
  /** Of each rank. */
  readonly hosts: readonly string[];
  readonly library: Pick<MpiLibrary, 'version'>;
}

/**
 * What SKEIN_OVERLAP says, or else where it was measured to gain: between machines, with Open MPI and MPICH.
 * @throws ConfigError where SKEIN_OVERLAP is neither on nor off
 */
export function overlaps({ hosts, library }: Job, environment: Environment = process.env): boolean {
  const { SKEIN_OVERLAP: said } = environment;
  if (said === 'on' || said === 'off') return said === 'on';
  if (said)
    throw new ConfigError(
      `mpi: expected SKEIN_OVERLAP to be on or off, but got \`${said}\``,
      'without it, gradients are reduced during the backward pass between machines with Open MPI and MPICH',
    );
  return /^(Open MPI|MPICH)\b/.test(library.version) && new Set(hosts).size > 1;
}
