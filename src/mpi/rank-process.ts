/** What a process needs so that not it, but a child that it starts, can become the rank. */
import { readFileSync } from 'node:fs';
import type { Environment } from './launch.ts';
import { transferSettings } from './transfer-settings.ts';

/**
 * The descriptor on which Hydra (MPICH, Intel MPI) and Slurm's pmi2 talk with a rank. A child has it only where its `stdio` hands it over.
 */
export function launcherDescriptor(environment: Environment = process.env): number | undefined {
  const { PMI_FD } = environment;
  return PMI_FD !== undefined && /^\d+$/.test(PMI_FD) ? Number(PMI_FD) : undefined;
}

/** What to add to the child's environment. `descriptor` is the place in its `stdio` that has the launcher's descriptor. */
export function rankEnvironment(
  descriptor: number | undefined,
  environment: Environment = process.env,
): Record<string, string> {
  return {
    ...(descriptor !== undefined && launcherDescriptor(environment) !== undefined && { PMI_FD: String(descriptor) }),
    // UCX's watch over memory and an allocator that asks for huge pages crash together
    UCX_MEM_MMAP_HOOK_MODE: environment.UCX_MEM_MMAP_HOOK_MODE ?? 'none',
    ...transferSettings(environment),
  };
}

/**
 * From now on the system kills this process when its parent ends, however that does: a launcher that kills a job knows only the processes that
 * it started. Where the system has no such means, this does nothing.
 */
export async function dieWithParent(): Promise<void> {
  if (process.platform !== 'linux') return;
  const [deathSignal, kill] = [1, 9];
  const parent = process.ppid;
  try {
    const koffi = (await import('koffi')).default;
    const prctl = koffi.load('libc.so.6').func('prctl', 'int', ['int', 'long', 'long', 'long', 'long']);
    prctl(deathSignal, kill, 0, 0, 0);
  } catch {
    return;
  }
  // it may have ended just before
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL');
}

/** Whether the parent stands still, by a signal; where the system does not tell, it does not. */
export function isParentStopped(): boolean {
  try {
    // `12 (node) T 1 …`: a name may have brackets of its own
    return /^.*\) T /s.test(readFileSync(`/proc/${process.ppid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
