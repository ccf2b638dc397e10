/** Starts an engine's process. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { launcherDescriptor, rankEnvironment } from '../../mpi/index.ts';

/** What process to start. */
export interface ProcessOptions {
  /** Its module without extension, beside `from`: './child'. */
  readonly module: string;
  /** The asking module's `import.meta.url`. */
  readonly from: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether it will be a rank of a job, so that it needs what the launcher left this process; default false. */
  readonly isRank?: boolean;
}

/** Large buffers stay mapped between steps: without this, every step faults in its outputs' pages again. glibc only. */
const allocator = 'glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=100000000000';

/** The process has the file `outbox` open right after the channel for messages. */
export function startProcess(options: ProcessOptions, outbox: number | undefined): ChildProcess {
  const fromSource = options.from.endsWith('.ts');
  const launcher = options.isRank ? launcherDescriptor() : undefined;
  const module = new URL(`${options.module}.${fromSource ? 'ts' : 'js'}`, options.from);
  return fork(fileURLToPath(module), {
    execArgv: ['--expose-gc', ...(fromSource ? ['--import', import.meta.resolve('tsx')] : [])],
    serialization: 'advanced',
    // a session of its own, so that Ctrl-C in the terminal reaches the owner alone
    detached: true,
    // an ignored one is open too, but no file
    stdio: ['ignore', 'ignore', 'pipe', 'ipc', outbox ?? 'ignore', ...(launcher === undefined ? [] : [launcher])],
    env: {
      ...process.env,
      ...options.environment,
      ...(options.isRank && rankEnvironment(launcher && 5)),
      GLIBC_TUNABLES: process.env.GLIBC_TUNABLES ?? allocator,
    },
  });
}
