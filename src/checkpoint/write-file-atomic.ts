import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileError } from './file-error.ts';

/**
 * Replaces a file in one step: whoever reads `path`, also after a crash or a power cut, finds the old content or the new,
 * never a part. The bytes go to a temporary file beside it, reach the disk, and only then take its name.
 * @throws CheckpointError with the reason, such as a full disk; the previous file is then untouched
 */
export async function writeFileAtomic(path: string, content: Uint8Array | string): Promise<void> {
  const folder = dirname(path);
  // In the same folder, since a rename is atomic only within one file system.
  const temporary = join(folder, `.skein-${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw fileError('write', path, error, 'nothing was changed: if there was a file before, it is untouched');
  }
  await syncFolder(folder);
}

/** Makes the rename itself durable, where the platform lets a folder be synced (Windows and some network disks do not). */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // The new file is complete and in place; there is nothing left to undo or to tell.
  }
}
