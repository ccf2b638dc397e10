import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SkeinError } from '../tensor/index.ts';
import { fileError } from './file-error.ts';
import { isRunning, ownPlace } from './running-process.ts';

/**
 * Replaces a file in one step: whoever reads `path`, also after a crash or a power cut, finds the old content or the new,
 * never a part. The bytes go to a temporary file beside it, reach the disk, and only then take its name.
 * @throws CheckpointError with the reason, such as a full disk; the previous file is then untouched
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  await writeFileInParts(path, (file) => file.writeFile(content));
}

/**
 * The same where the content is never in memory as a whole: what `write` writes to the temporary file takes the name `path` when all is
 * written.
 * @returns what `write` returns
 * @throws what `write` throws of its own, and CheckpointError for what the system refuses; the previous file is then untouched
 */
export async function writeFileInParts<T>(path: string, write: (file: FileHandle) => Promise<T>): Promise<T> {
  const folder = dirname(path);
  // In the same folder, since a rename is atomic only within one file system.
  const temporary = await temporaryIn(folder);
  try {
    const file = await open(temporary, 'wx');
    let written: T;
    try {
      written = await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncFolder(folder);
    return written;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    if (error instanceof SkeinError || !isOfSystem(error)) throw error;
    throw fileError('write', path, error, `${isFull(error) ? 'make room there; ' : ''}${unchanged}`);
  }
}

const unchanged = 'nothing was changed: if there was a file before, it is untouched';

const isFull = (error: unknown) => ['ENOSPC', 'EDQUOT'].includes(String((error as { code?: unknown }).code));

const isOfSystem = (error: unknown) => typeof (error as { code?: unknown }).code === 'string';

/**
 * The same for what can be made again: nobody waits for the disk, so after a power cut the file may be damaged, which whoever reads it must find
 * out.
 * @param through the folder of the temporary file, which `removeLeftovers` clears; on the same disk
 * @throws the system's error
 */
export async function replaceFile(path: string, content: Uint8Array, through: string): Promise<void> {
  const temporary = await temporaryIn(through);
  try {
    await writeFile(temporary, content, { flag: 'wx' });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

// earlier versions named no place
const temporaryName = /^\.skein-((?<place>[0-9a-f]{8})-)?(?<pid>[1-9]\d*)-[0-9a-f-]{36}\.tmp$/;

/** A name that nobody else takes, and that says whose it is. */
export const temporaryIn = async (folder: string): Promise<string> =>
  join(folder, `.skein-${await ownPlace()}-${process.pid}-${randomUUID()}.tmp`);

/** Nobody writes one file for so long, nor tries for so long to take a folder that is another's. */
const longest = { write: 86_400_000, lock: 60_000 };

/**
 * Removes what processes that died while writing left in `folder`; nothing else, and nothing of a living process, here or elsewhere.
 * @param options.isHeld whether this process alone may write there, see `lockFolder`
 */
export async function removeLeftovers(folder: string, { isHeld = false } = {}): Promise<void> {
  const here = await ownPlace();
  for (const name of await readdir(folder).catch(() => [])) {
    const { place = here, pid } = temporaryName.exec(name)?.groups ?? {};
    if (pid === undefined) continue;
    const path = join(folder, name);
    // whether a process elsewhere runs cannot be seen
    const isLeft =
      place === here
        ? !(await isRunning({ pid: Number(pid) }))
        : await isOlderThan(path, isHeld ? longest.lock : longest.write);
    if (isLeft) await rm(path, { force: true }).catch(() => {});
  }
}

const isOlderThan = (path: string, milliseconds: number): Promise<boolean> =>
  stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > milliseconds,
    () => false,
  );

/** Makes the rename itself durable, where the platform lets a folder be synced (Windows and some network disks do not). */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The new file is complete and in place; there is nothing left to undo or to tell.
  }
}
