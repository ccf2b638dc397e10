/** What a person is told of a file that the system does not give: what lies there, in words, and what helps. */
import type { Stats } from 'node:fs';
import { readlink } from 'node:fs/promises';
import { DataError } from '../tensor/index.ts';

const reasons: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of the path is a file, not a folder'],
  ['ELOOP', 'it is a link that leads in a circle'],
  ['ENXIO', 'it is a socket or a device'],
  ['EMFILE', 'too many files are open'],
  ['EIO', 'the disk reports an error'],
  ['ERR_FS_FILE_TOO_LARGE', 'it is larger than 2 GiB'],
]);

/** The operating system's reason in words: `permission denied`. */
export function readingReason(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return reasons.get(code ?? '') ?? code ?? String(error);
}

/** What Node.js puts in place of bytes of a name that are no UTF-8: the file is not found by the name that it lists. */
export const isForeignName = (path: string): boolean => path.includes('\uFFFD');

/** What to do about such a name. */
export const foreignName = {
  message: 'its name, or that of a folder that it is in, is not UTF-8',
  hint: 'rename it; � stands where the name is not UTF-8',
} as const;

/** The error for a file that cannot be opened or read. */
export async function unreadableFile(path: string, error: unknown): Promise<DataError> {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
    return new DataError(`${path}: cannot be read: ${readingReason(error)}`, 'check that it is a readable file');
  if (isForeignName(path)) return new DataError(`${path}: ${foreignName.message}`, foreignName.hint);
  const target = await readlink(path).catch(() => undefined);
  return target === undefined
    ? new DataError(`${path}: no such file`, 'check the path')
    : new DataError(`${path}: a broken link: there is no ${target}`, 'put the file there, or remove the link');
}

type Kinds = Pick<Stats, 'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket' | 'isBlockDevice' | 'isCharacterDevice'>;

/** A device or a pipe may have no end. @throws DataError for whatever is no file */
export function expectFile(path: string, about: Kinds): void {
  if (!about.isFile())
    throw new DataError(`${path}: expected a file, but it is ${kindName(about)}`, 'give a file in its place');
}

function kindName(about: Kinds): string {
  if (about.isDirectory()) return 'a folder';
  if (about.isFIFO()) return 'a pipe';
  if (about.isSocket()) return 'a socket';
  return about.isBlockDevice() || about.isCharacterDevice() ? 'a device' : 'none';
}
