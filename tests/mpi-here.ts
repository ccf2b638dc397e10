/** This machine's MPI, for tests: each launcher whose library is here too. Where there is none, tests say how to get it and are skipped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mpiLibraries } from '../src/mpi/locate.ts';
import { installHint } from '../src/mpi/missing.ts';
import { type LauncherCommand, mpirunCommand } from '../src/mpi/mpirun.ts';
import { ended } from './ended.ts';
import type { Ended } from './run-skein.ts';

export interface MpiHere {
  readonly family: string;
  readonly library: string;
  command(ranks: number): Promise<LauncherCommand>;
}

async function here(): Promise<MpiHere[]> {
  const found: MpiHere[] = [];
  for (const { path, family } of mpiLibraries({})) {
    if (found.some((one) => one.family === family)) continue;
    const command = (ranks: number) => withLibrary(path, () => mpirunCommand({ ranks }));
    if (await command(2).catch(() => undefined)) found.push({ family, library: path, command });
  }
  if (found.length === 0)
    console.warn(`tests of several ranks are skipped: no mpirun with its library; ${await installHint()}`);
  return found;
}

async function withLibrary<T>(path: string, use: () => Promise<T>): Promise<T> {
  const { SKEIN_MPI_LIB: before } = process.env;
  process.env.SKEIN_MPI_LIB = path;
  try {
    return await use();
  } finally {
    if (before === undefined) delete process.env.SKEIN_MPI_LIB;
    else process.env.SKEIN_MPI_LIB = before;
  }
}

export const mpiHere: readonly MpiHere[] = await here();

interface JobOptions {
  readonly ranks?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** In place of the launcher's usual ones. */
  readonly words?: readonly string[];
  /** Called with all that was printed so far, each time. */
  onOutput?(launcher: ChildProcess, said: string): void;
}

/** A job whose ranks run the module `source`; the library is theirs to find. Its end is told with the launcher's code. */
export async function job(mpi: MpiHere, source: string, options: JobOptions = {}): Promise<Ended> {
  const command = await mpi.command(options.ranks ?? 2);
  const node = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', source];
  const child = spawn(command.program, [...(options.words ?? command.words), process.execPath, ...node], {
    env: {
      ...process.env,
      ...command.environment,
      UCX_MEM_MMAP_HOOK_MODE: 'none',
      NO_COLOR: '1',
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return ended(child, (said) => options.onOutput?.(child, said));
}
