/** How many threads a rank computes with where nothing else is said. */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { launched } from './launch.ts';

/** Numbers of cores. */
export interface Cores {
  /** That this process may use. */
  readonly own: number;
  /** That the launcher may use, which bound its ranks to some of them, or did not. */
  readonly ofLauncher: number;
}

/** A rank's part of the cores that the ranks of this machine share, but no more than it is bound to; one at least. To be asked in a rank. */
export const rankThreads = (
  ranks: number = launched()?.onThisHost ?? 1,
  { own, ofLauncher }: Cores = coresHere(),
): number => Math.max(1, Math.min(own, Math.floor(ofLauncher / ranks)));

/** Where the system does not tell (it is not Linux), the launcher's are this process's. */
export function coresHere(): Cores {
  const own = availableParallelism();
  const [bound, ofLauncher] = [coresOf(process.pid), coresOf(launcher())];
  // the same for both: what else limits this process, such as a quota, limits the launcher as well
  return { own, ofLauncher: ofLauncher === undefined || ofLauncher === bound ? own : Math.max(own, ofLauncher) };
}

/** The process that started this rank; shells and the like between the two have the rank's variables as well. */
function launcher(): number {
  const variable = launched()?.variable;
  let pid = process.ppid;
  while (variable !== undefined && pid > 1 && has(pid, variable)) pid = parentOf(pid);
  return pid;
}

const has = (pid: number, variable: string): boolean =>
  contentOf(pid, 'environ')
    .split('\0')
    .some((one) => one.startsWith(`${variable}=`));

const parentOf = (pid: number): number => Number(/^PPid:\s*(\d+)$/m.exec(contentOf(pid, 'status'))?.[1] ?? 0);

/** From a list such as `0-3,8`. */
function coresOf(pid: number): number | undefined {
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(contentOf(pid, 'status'))?.[1];
  return list?.split(',').reduce((sum, range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return sum + to - from + 1;
  }, 0);
}

/** Empty where the process is gone, or somebody else's. */
function contentOf(pid: number, file: 'environ' | 'status'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
