/**
 * The end of a rank where the library's own may hang: in MPI_Finalize before MPICH 4.2, who has closed his connections to other machines waits
 * for the launcher, and does not answer those any more that still close theirs (https://github.com/pmodels/mpich/pull/6596).
 */
import { readSync, writeSync } from 'node:fs';
import { EngineError } from '../tensor/index.ts';
import type { Environment } from './launch.ts';
import { launcherDescriptor } from './rank-process.ts';

interface Job {
  /** Of each rank. */
  readonly hosts: readonly string[];
  readonly library: { readonly version: string };
}

/** The descriptor to take leave through, in place of MPI_Finalize: Hydra's. Undefined where the library ends by itself. */
export function leaveThrough({ hosts, library }: Job, environment: Environment = process.env): number | undefined {
  const [, major, minor] = /^MPICH (\d+)\.(\d+)/.exec(library.version) ?? [];
  const mayHang = major !== undefined && Number(major) * 100 + Number(minor) < 402 && new Set(hosts).size > 1;
  return mayHang && environment.MPI_LOCALRANKID !== undefined ? launcherDescriptor(environment) : undefined;
}

/**
 * What MPI_Finalize tells the launcher, in the words of PMI 1; whoever ends without it is taken for one that failed.
 * @throws EngineError where the launcher does not answer
 */
export function takeLeave(descriptor: number): void {
  let problem = 'nothing';
  try {
    writeSync(descriptor, 'cmd=finalize\n');
    if (readSync(descriptor, Buffer.alloc(1024)) > 0) return;
  } catch (error) {
    problem = (error as Error).message;
  }
  throw new EngineError(
    `mpi: the end: expected the launcher's answer on descriptor ${descriptor}, but got ${problem}`,
    'look whether mpirun still runs',
  );
}
