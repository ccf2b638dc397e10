import { CheckpointError } from '../tensor/index.ts';

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the disk quota is used up'],
  ['EFBIG', 'the file would be larger than this system allows'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOENT', 'there is no such file or folder'],
  ['EEXIST', 'it is a file, not a folder'],
  ['ENOTDIR', 'a part of the path is a file, not a folder'],
  ['EISDIR', 'it is a folder, not a file'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['EMFILE', 'too many files are open'],
  ['EIO', 'the disk reports an error'],
  ['ERR_FS_FILE_TOO_LARGE', 'it is larger than 2 GiB'],
]);

/** The operating system's reason in words: `the disk is full`. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: string; message?: string };
  return reasons.get(code ?? '') ?? message ?? String(error);
}

/** What the operating system refused, in words; `action` is the verb, such as `read`. */
export function fileError(action: string, path: string, error: unknown, hint?: string): CheckpointError {
  return new CheckpointError(`${path}: cannot ${action}: ${reasonOf(error)}`, hint);
}
