/** How many threads a rank computes with where nothing else is said. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { launched } from './launch.ts';

/**
 * The cores that the launcher bound it to, or else its part of those that the ranks of this machine share; one at least. To be asked in the
 * process that the launcher started.
 */
export function rankThreads(cores: number = availableParallelism(), ranks = launched()?.onThisHost ?? 1): number {
  return isBound() ? cores : Math.max(1, Math.floor(cores / ranks));
}

/** Whether the launcher, which started this process, may use other cores: where it may not, the limit is not of its making. */
function isBound(): boolean {
  const [own, launcher] = [coresOf('self'), coresOf(String(process.ppid))];
  return own !== undefined && launcher !== undefined && own !== launcher;
}

/** Such as `0-3`, as Linux says it. */
function coresOf(who: string): string | undefined {
  try {
    return /^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync(`/proc/${who}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
