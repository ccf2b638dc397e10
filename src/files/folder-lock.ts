/**
 * A folder that one process at a time writes to: a file in it says who. What a dead process of this place left does not count, nor what one elsewhere
 * (another machine or container, or this one before a restart) left that gives no sign of life any more.
 */
import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../tensor/index.ts';
import { fileError } from './file-error.ts';
import { type Holder, holderOf, isDead, isHere, isSilent, silentBeats } from './lock-holder.ts';
import { ownMark, ownPlace } from './running-process.ts';
import { temporaryIn } from './write-file-atomic.ts';

/** A folder that this process alone may write to. */
export interface FolderLock {
  /**
   * @throws ConfigError where another process took it, since this one gave no sign of life: it stood still, or the disk was away; CheckpointError where
   * nothing can be written there
   */
  expectHeld(): Promise<void>;
  /** Lets others write to the folder again. */
  release(): Promise<void>;
}

const beatSeconds = 10;

/**
 * Takes the folder for this process, until it releases it or ends.
 * @throws ConfigError where another run holds it; CheckpointError where nothing can be written there
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, '.skein-lock');
  // the last part tells two locks of one process apart
  const mark = { ...(await ownMark()), host: hostname(), place: await ownPlace() };
  const mine = JSON.stringify({ ...mark, beats: beatSeconds, lock: randomUUID() });
  for (;;) {
    if (await create(path, mine, folder)) return held(folder, path, mine);
    const found = await textOf(path);
    if (found === undefined) continue;
    const holder = holderOf(found);
    if (!(await isDead(holder)) && !(await isSilent(path, holder))) throw await inUse(folder, path, holder);
    await takeAway(path, found, mine, folder);
  }
}

/** Gives signs of life until it is released: nobody can see from another machine whether this process runs. */
function held(folder: string, path: string, mine: string): FolderLock {
  // of the last sign of life, by the clock that goes on while the machine sleeps
  let lastBeat = Date.now();
  let isReleased = false;
  const isMine = async () => (await textOf(path)) === mine;
  /** Deleted by somebody, and not taken by another meanwhile: such a one first waits for a sign of life. */
  const takeAgain = async () => {
    if (isReleased || Date.now() - lastBeat > silentBeats * beatSeconds * 1000) return false;
    if (!(await create(path, mine, folder))) return isMine();
    lastBeat = Date.now();
    return true;
  };
  const beat = setInterval(async () => {
    const now = new Date();
    const found = await textOf(path);
    if (found === undefined) await takeAgain().catch(() => {});
    if (found !== mine) return;
    const isTold = await utimes(path, now, now).then(
      () => true,
      () => false,
    );
    if (isTold) lastBeat = now.getTime();
  }, beatSeconds * 1000);
  beat.unref();
  return {
    expectHeld: async () => {
      const found = await textOf(path);
      // where it cannot be read, or the folder is gone, writing will say why
      if (found === mine || found === '' || !(await isThere(folder))) return;
      if (found !== undefined || !(await takeAgain())) throw lost(folder);
    },
    release: () => {
      isReleased = true;
      clearInterval(beat);
      return remove(path, mine);
    },
  };
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const lost = (folder: string) =>
  new ConfigError(
    `${folder}: expected to be the only one that writes to it, but this process was not heard of for a while, and another took it`,
    'nothing more is written by this one; the other goes on from what was saved last',
  );

const lookAgainMilliseconds = 100;

/** Waits until nobody on this machine holds the folder, but not for more than so long: who is left to wait for is then for `lockFolder` to say. */
export async function waitForFolder(folder: string, seconds: number): Promise<void> {
  const path = join(folder, '.skein-lock');
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const found = await textOf(path);
    const holder = found === undefined ? undefined : holderOf(found);
    if (!holder || !(await isHere(holder)) || (await isDead(holder))) return;
    await new Promise((resolve) => setTimeout(resolve, lookAgainMilliseconds));
  }
}

/** False where the file is there already. It appears with all of its text: a process that dies here leaves none that says nothing. */
async function create(path: string, text: string, folder: string): Promise<boolean> {
  const temporary = await temporaryIn(folder);
  try {
    await writeFile(temporary, text, { flag: 'wx' });
    return await link(temporary, path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        // a file system without links
        return writeFile(path, text, { flag: 'wx' }).then(() => true);
      },
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw fileError('write to it', folder, error, 'check who may write there and how much room is left');
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
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
async function takeAway(path: string, dead: string, mine: string, folder: string): Promise<void> {
  const claim = `${path}-claim`;
  if (!(await create(claim, mine, folder))) {
    const found = await textOf(claim);
    const holder = found === undefined ? undefined : holderOf(found);
    if (found !== undefined && !(await isDead(holder)) && !(await isSilent(claim, holder)))
      throw await inUse(folder, claim, holder);
    // one who died with the claim; whoever asked for it at the same time asks again
    if (found !== undefined) await remove(claim, found);
    return;
  }
  try {
    if ((await textOf(path)) === dead) await rm(path, { force: true });
  } finally {
    await rm(claim, { force: true });
  }
}

async function inUse(folder: string, path: string, holder: Holder | undefined): Promise<ConfigError> {
  const elsewhere = holder === undefined || !(await isHere(holder));
  const who = holder === undefined ? 'a process' : `process ${holder.pid}${elsewhere ? ` on ${holder.host}` : ''}`;
  return new ConfigError(
    `${folder}: expected a run folder that no other run writes to, but ${who} does`,
    elsewhere
      ? `wait until it has ended; if it has ended without a word, delete ${path}`
      : 'wait until it has ended or stop it with Ctrl-C, or choose another folder',
  );
}
