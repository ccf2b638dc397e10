/** The launcher that this system has, and how to call it. */
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { programsOnPath } from '../libraries/index.ts';
import { EngineError } from '../tensor/index.ts';
import type { MpiFamily } from './handles.ts';
import { launcherFolders, mpiLibraries, namedLibrary } from './locate.ts';
import { installHint, missingLibrary } from './missing.ts';

export interface LauncherCommand {
  readonly program: string;
  /** Before those of the program that is to run. */
  readonly words: readonly string[];
  /** To add to the environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Such as `Open MPI 4.1.4`. */
  readonly launcher: string;
}

interface Launcher {
  readonly program: string;
  readonly name: 'Open MPI' | 'MPICH' | 'Intel MPI';
  readonly version: string;
}

/**
 * How `ranks` processes are started on this machine: by the first launcher whose library is here too.
 * @throws EngineError that says what to install
 */
export async function mpirunCommand({ ranks }: { readonly ranks: number }): Promise<LauncherCommand> {
  const launcher = await launcherHere();
  const isOversubscribed = ranks > availableParallelism();
  return {
    program: launcher.program,
    words: [...flags(launcher, isOversubscribed), '-n', String(ranks)],
    environment: environmentFor(launcher),
    launcher: `${launcher.name} ${launcher.version}`.trim(),
  };
}

/** Threads, not ranks, use the cores: a launcher that binds each rank to one core leaves it one. */
function flags({ name }: Launcher, isOversubscribed: boolean): string[] {
  if (name === 'MPICH') return ['-bind-to', 'none'];
  if (name === 'Intel MPI') return [];
  return [
    ...(process.getuid?.() === 0 ? ['--allow-run-as-root'] : []),
    ...['--bind-to', 'none'],
    // it counts cores and not their threads, and starts no more ranks than it counts
    ...['--map-by', ':OVERSUBSCRIBE'],
    ...(isOversubscribed ? ['--mca', 'mpi_yield_when_idle', '1'] : []),
  ];
}

const environmentFor = ({ name }: Launcher): Record<string, string> => (name === 'Intel MPI' ? { I_MPI_PIN: '0' } : {});

/** @throws EngineError where there is no launcher, no library, or no pair of the two */
async function launcherHere(): Promise<Launcher> {
  const families = librariesHere();
  const launchers: Launcher[] = [];
  for (const program of programs()) {
    const launcher = await launcherOf(program);
    if (!launcher) continue;
    if (libraryFamilies[launcher.name].some((family) => families.has(family))) return launcher;
    launchers.push(launcher);
  }
  const [first] = launchers;
  if (families.size === 0) throw await missingLibrary([]);
  if (!first) throw new EngineError('mpi: mpirun is not installed, or not on the PATH', await installHint());
  throw new EngineError(
    `mpi: expected a launcher of ${[...families].join(' or ')}, whose library is here, but ${first.program} is of ${first.name}`,
    `${await installHint()}, or put the other mpirun first on the PATH`,
  );
}

const libraryFamilies: Readonly<Record<Launcher['name'], readonly MpiFamily[]>> = {
  'Open MPI': ['Open MPI'],
  MPICH: ['MPICH', 'MPI ABI'],
  'Intel MPI': ['MPICH', 'MPI ABI'],
};

/** A library that is named decides alone. @throws EngineError */
function librariesHere(): Set<MpiFamily> {
  const named = namedLibrary();
  return new Set((named ? [named] : mpiLibraries({})).map(({ family }) => family));
}

/** Debian has several beside each other: `mpirun` is a link to one. */
function programs(): string[] {
  const names = ['mpirun', 'mpirun.openmpi', 'mpirun.mpich', 'mpiexec'];
  const elsewhere = launcherFolders.flatMap((folder) => {
    try {
      return readdirSync(folder).includes('mpirun') ? [join(folder, 'mpirun')] : [];
    } catch {
      return [];
    }
  });
  return [...new Set([...names.flatMap(programsOnPath), ...elsewhere])];
}

async function launcherOf(program: string): Promise<Launcher | undefined> {
  const said = await promisify(execFile)(program, ['--version'], { timeout: 20_000 }).then(
    ({ stdout, stderr }) => stdout + stderr,
    () => '',
  );
  const name = /Intel\(R\) MPI/.test(said)
    ? 'Intel MPI'
    : /Open ?MPI|OpenRTE|PRRTE/i.test(said)
      ? 'Open MPI'
      : /HYDRA/i.test(said)
        ? 'MPICH'
        : undefined;
  return name && { program, name, version: /\d+\.\d+(\.\d+)?/.exec(said)?.[0] ?? '' };
}
