/** Whether a process that left something in a file is still there. */
import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** A process, as one that comes later can recognise it. */
export interface ProcessMark {
  readonly pid: number;
  /** When it started, where the system tells (Linux): ids are given out again. */
  readonly started?: string;
}

/**
 * Where a process id means what it means here, as a short digest: on Linux this machine since it was switched on, and this container, since several may
 * share a host name; elsewhere the host's name is all that is known.
 */
export function ownPlace(): Promise<string> {
  known ??= findPlace();
  return known;
}

let known: Promise<string> | undefined;

async function findPlace(): Promise<string> {
  const [boot, ids] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => ''),
    readlink('/proc/self/ns/pid').catch(() => ''),
  ]);
  return createHash('sha256')
    .update(JSON.stringify([hostname(), boot, ids]))
    .digest('hex')
    .slice(0, 8);
}

/** This process. */
export async function ownMark(): Promise<ProcessMark> {
  const facts = await factsOf(process.pid);
  return { pid: process.pid, ...(facts && { started: facts.started }) };
}

/** Whether the process, which is of this place, runs. Where its start is unknown, another one of the same id passes for it. */
export async function isRunning({ pid, started }: ProcessMark): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, but somebody else's
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const facts = await factsOf(pid);
  if (!facts) return true;
  // a zombie has ended; only its parent has not asked yet
  return facts.state !== 'Z' && (started === undefined || started === facts.started);
}

/** State and start, in clock ticks since boot: fields 3 and 22 of /proc/PID/stat, see proc(5). */
async function factsOf(pid: number): Promise<{ state: string; started: string } | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // the name in field 2 may hold spaces and parentheses
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return state !== undefined && started !== undefined ? { state, started } : undefined;
}
