/** Decoded pictures in a folder, by the content of their image files and what was made of it: for any number of runs at once. */
import { createHash } from 'node:crypto';
import { readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { type Pixels, readBytes } from '../data/index.ts';
import { makeFolder, replaceFile } from '../files/index.ts';
import { packed, packedFormat, unpacked } from './packed-picture.ts';

/** Where pictures are kept, for whoever prepares images. */
export interface KeptPictures {
  readonly folder: string;
  /** What is made of an image file, and by what. */
  readonly decoding: string;
  /** Whether new ones are kept. */
  readonly mayWrite: boolean;
}

/** A picture, and what was found out on the way to it. */
export interface FoundPicture {
  readonly picture: Pixels;
  /** The digest of its file, with which the next epoch need not read the file. */
  readonly content: string;
  /** Why it could not be kept. */
  readonly problem?: unknown;
}

/**
 * The picture that is kept of a file; else what `decode` makes of the file's bytes, which is then kept.
 * @param content the file's digest, where it is known
 * @throws what `decode` throws
 */
export async function keptPicture(
  path: string,
  { folder, decoding, mayWrite }: KeptPictures,
  content: string | undefined,
  decode: (bytes: Uint8Array) => Promise<Pixels>,
): Promise<FoundPicture> {
  const known = content === undefined ? undefined : await find(folder, keyOf(content, decoding));
  if (content !== undefined && known) return { picture: known, content };
  // the file may have changed since its digest was taken
  const bytes = await readBytes(path);
  const found = createHash('sha256').update(bytes).digest('hex');
  const key = keyOf(found, decoding);
  const kept = found === content ? undefined : await find(folder, key);
  if (kept) return { picture: kept, content: found };
  const picture = await decode(bytes);
  if (!mayWrite) return { picture, content: found };
  try {
    await keep(folder, key, picture);
    return { picture, content: found };
  } catch (problem) {
    return { picture, content: found, problem };
  }
}

const keyOf = (content: string, decoding: string): string =>
  createHash('sha256')
    .update(JSON.stringify([packedFormat, decoding, content]))
    .digest('hex');

const subfolderOf = (folder: string, key: string): string => join(folder, key.slice(0, 2));

async function find(folder: string, key: string): Promise<Pixels | undefined> {
  const file = await readFile(join(subfolderOf(folder, key), key)).catch(() => undefined);
  return file && unpacked(file, key);
}

/** A disk that is filled by what can be made again has no room for what cannot: so much stays free, or a tenth of a small disk. */
const leftFree = 2e9;

async function keep(folder: string, key: string, picture: Pixels): Promise<void> {
  const { bavail, blocks, bsize } = await statfs(folder);
  if (bavail * bsize - picture.pixels.length < Math.min(leftFree, (blocks * bsize) / 10))
    throw new Error('the disk is nearly full');
  const subfolder = subfolderOf(folder, key);
  await makeFolder(subfolder);
  await replaceFile(join(subfolder, key), packed(picture, key), folder);
}
