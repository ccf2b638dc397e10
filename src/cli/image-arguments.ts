/** IMAGE on the command line: files, and folders for all images within. */
import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileKind, imageFormats, imageName, isReadableImage, tellingBytes } from '../data/index.ts';
import { DataError } from '../tensor/index.ts';

/** What was found under the arguments, in alphabetical order within each folder. */
export interface FoundImages {
  readonly files: string[];
  /** How many files in folders are no images, by what they are: `HEICs`. */
  readonly passedOver: Map<string, number>;
}

/** @throws DataError where there is no image at all in a folder, or it cannot be read */
export async function imageArguments(paths: readonly string[]): Promise<FoundImages> {
  const found: FoundImages = { files: [], passedOver: new Map() };
  for (const path of paths) {
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory();
    if (!isFolder) found.files.push(path);
    else await addFolder(path, found);
  }
  return found;
}

async function addFolder(path: string, found: FoundImages): Promise<void> {
  const inside: FoundImages = { files: [], passedOver: new Map() };
  await addEntries(path, inside, []);
  if (inside.files.length === 0)
    throw new DataError(
      `${path}: there is no ${imageFormats('or')} file in this folder or in folders within` +
        (inside.passedOver.size > 0 ? `, only ${countedKinds(inside.passedOver)}` : ''),
      'give a folder with images; hidden files and folders are left out',
    );
  found.files.push(...inside.files);
  for (const [kind, count] of inside.passedOver) found.passedOver.set(kind, (found.passedOver.get(kind) ?? 0) + count);
}

/** @param above the folders that it is in, as links lead to them: a link back to one would never end */
async function addEntries(path: string, found: FoundImages, above: readonly string[]): Promise<void> {
  const real = await realpath(path);
  if (above.includes(real)) return;
  const names = (await namesIn(path)).filter((name) => !name.startsWith('.')).sort();
  for (const name of names) {
    const entry = join(path, name);
    const about = await stat(entry).catch(() => undefined);
    if (about?.isDirectory()) await addEntries(entry, found, [...above, real]);
    // of such a name it is meant to be an image, so one that is none is a mistake rather than another thing
    else if (imageName.test(name)) found.files.push(entry);
    else {
      const kind = about?.isFile() ? await kindOf(entry) : 'other files';
      if (kind === undefined) found.files.push(entry);
      else found.passedOver.set(kind, (found.passedOver.get(kind) ?? 0) + 1);
    }
  }
}

const namesIn = (path: string): Promise<string[]> =>
  readdir(path).catch((error: NodeJS.ErrnoException) => {
    throw new DataError(`${path}: the folder cannot be read (${error.code ?? error})`, 'check who may read it');
  });

/** Undefined for an image. */
async function kindOf(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined);
  if (!file) return 'other files';
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(tellingBytes), 0, tellingBytes, 0);
    const start = buffer.subarray(0, bytesRead);
    return isReadableImage(start) ? undefined : (fileKind(start)?.are ?? 'other files');
  } finally {
    await file.close();
  }
}

/** HEICs (3), texts (1): the most frequent first. */
export function countedKinds(kinds: ReadonlyMap<string, number>): string {
  const ordered = [...kinds].sort(([, a], [, b]) => b - a);
  return ordered.map(([kind, count]) => `${kind} (${count})`).join(', ');
}
