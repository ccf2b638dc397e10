/** The mpirun's that this machine has, Debian's names for both families first, for tests that start jobs. */
import { execFileSync } from 'node:child_process';

interface LauncherHere {
  readonly name: string;
  readonly program: string;
  /** Before `-n`: more ranks than cores, and none of them bound to one. */
  readonly words: readonly string[];
}

const openMpi = [
  '--bind-to',
  'none',
  '--oversubscribe',
  ...(process.getuid?.() === 0 ? ['--allow-run-as-root'] : []),
  ...['--mca', 'mpi_yield_when_idle', '1'],
];

const known: readonly LauncherHere[] = [
  { name: 'Open MPI', program: 'mpirun.openmpi', words: openMpi },
  { name: 'MPICH', program: 'mpirun.mpich', words: ['-bind-to', 'none'] },
];

const isHere = ({ program, name }: LauncherHere): boolean => {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    console.warn(`tests of ranks under ${name} are skipped: ${program} is not here; apt-get install openmpi-bin mpich`);
    return false;
  }
};

export const launchersHere: readonly LauncherHere[] = known.filter(isHere);
