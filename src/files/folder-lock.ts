/** A folder that one process at a time writes to: a file in it says who. What a dead process left does not count. */
import { randomUUID } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../tensor/index.ts';
import { fileError } from './file-error.ts';
import { isRunning, ownMark, type ProcessMark } from './running-process.ts';

/** A folder that this process alone may write to. */
export interface FolderLock {
  /** Lets others write to the folder again. */
  release(): Promise<void>;
}

interface Holder extends ProcessMark {
  readonly host: string;
}

/**
 * Takes the folder for this process, until it releases it or ends.
 * @throws ConfigError where another run holds it; CheckpointError where nothing can be written there
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, '.skein-lock');
  // the last part tells two locks of one process apart
  const mine = JSON.stringify({ ...(await ownMark()), host: hostname(), lock: randomUUID() });
  for (;;) {
    if (await create(path, mine, folder)) return { release: () => remove(path, mine) };
    const found = await textOf(path);
    if (found === undefined) continue;
    const holder = holderOf(found);
    if (holder === undefined || holder.host !== hostname() || (await isRunning(holder)))
      throw inUse(folder, path, holder);
    await takeAway(path, found, folder);
  }
}

/** False where the file is there already. */
async function create(path: string, text: string, folder: string): Promise<boolean> {
  let made = false;
  try {
    const file = await open(path, 'wx');
    made = true;
    await file.writeFile(text).finally(() => file.close());
    return true;
  } catch (error) {
    if (!made && (error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    if (made) await rm(path, { force: true }).catch(() => {});
    throw fileError('write to it', folder, error, 'check who may write there and how much room is left');
  }
}

/** Undefined where there is none; empty where it cannot be read. */
const textOf = (path: string) =>
  readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : ''));

async function remove(path: string, text: string): Promise<void> {
  if ((await textOf(path)) === text) await rm(path, { force: true }).catch(() => {});
}

/**
 * Removes a dead process's lock. Two that found it might otherwise remove each other's new one, so only who holds the claim
 * removes, after a second look.
 */
async function takeAway(path: string, dead: string, folder: string): Promise<void> {
  const claim = `${path}-claim`;
  if (!(await create(claim, '', folder))) throw inUse(folder, claim, undefined);
  try {
    if ((await textOf(path)) === dead) await rm(path, { force: true });
  } finally {
    await rm(claim, { force: true });
  }
}

function holderOf(text: string): Holder | undefined {
  try {
    const { pid, started, host } = JSON.parse(text) as Record<string, unknown>;
    if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid < 1 || typeof host !== 'string') return undefined;
    return { pid, host, ...(typeof started === 'string' && { started }) };
  } catch {
    return undefined;
  }
}

function inUse(folder: string, path: string, holder: Holder | undefined): ConfigError {
  const elsewhere = holder === undefined || holder.host !== hostname();
  const who = holder === undefined ? 'a process' : `process ${holder.pid}${elsewhere ? ` on ${holder.host}` : ''}`;
  return new ConfigError(
    `${folder}: expected a run folder that no other run writes to, but ${who} does`,
    elsewhere
      ? `wait until it has ended; if it has ended without a word, delete ${path}`
      : 'wait until it has ended or stop it with Ctrl-C, or choose another folder',
  );
}
