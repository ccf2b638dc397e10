import { readdir, stat } from 'node:fs/promises';
import { DataError } from '../tensor/index.ts';
import { foreignName, isForeignName, readingReason } from './unreadable-file.ts';

/** What a path leads to; a broken link or a path through a file counts as missing. */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'missing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'missing';
  }
}

/**
 * Names of the visible entries of a folder, in an order that is the same on every machine.
 * @throws DataError naming the folder where it is missing or cannot be read
 */
export async function listFolder(path: string): Promise<string[]> {
  const kind = await kindOf(path);
  if (kind === 'missing' && isForeignName(path))
    throw new DataError(`${path}: ${foreignName.message}`, foreignName.hint);
  if (kind !== 'folder')
    throw new DataError(
      `${path}: expected a folder, but ${kind === 'file' ? 'it is a file' : 'there is no such folder'}`,
      'check the path',
    );
  try {
    // by code units: `localeCompare` depends on the machine's language
    return (await readdir(path)).filter((entry) => !entry.startsWith('.')).sort();
  } catch (error) {
    throw new DataError(`${path}: the folder cannot be read: ${readingReason(error)}`, 'check who may read it');
  }
}
