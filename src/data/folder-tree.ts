/** What lies in a folder of images, from one walk: who decides what it means looks at names alone. */
import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../tensor/index.ts';
import type { DataProblem } from './data-problem.ts';
import { kindOf, listFolder } from './folder-listing.ts';

/** Paths relative to the folder, with `/` between names, in an order that is the same on every machine. */
export interface FolderTree {
  readonly folders: readonly string[];
  readonly images: readonly string[];
  /** Files that are not read. */
  readonly others: readonly string[];
  /** Folders of runs, which are not looked into. */
  readonly runs: readonly string[];
  /** Folders of which nobody knows what is in them, and why. */
  readonly unreadable: readonly DataProblem[];
  /** The folders with an image somewhere within. */
  readonly withImages: ReadonlySet<string>;
}

/** Files that are taken for images: JPEG under all its names, PNG, WebP, AVIF, GIF and TIFF. */
export const imageName = /\.(jpe?g|jpe|jfif|jfi|jif|pjpeg|pjp|png|webp|avifs?|gif|tiff?)$/i;

/** The most folders one within another: more are links that lead in circles. */
const deepest = 32;

/** @throws DataError naming the folder where it is missing or cannot be read; of one within it is a problem */
export async function readFolderTree(path: string): Promise<FolderTree> {
  const tree = { folders: [], images: [] as string[], others: [], runs: [], unreadable: [] };
  await walk(path, '', [await realpath(path).catch(() => path)], tree);
  const withImages = new Set<string>();
  for (const image of tree.images)
    for (let at = image.indexOf('/'); at >= 0; at = image.indexOf('/', at + 1)) withImages.add(image.slice(0, at));
  return { ...tree, withImages };
}

async function walk(
  path: string,
  inside: string,
  within: readonly string[],
  tree: { folders: string[]; images: string[]; others: string[]; runs: string[]; unreadable: DataProblem[] },
): Promise<void> {
  const here = join(path, inside);
  const names = await listFolder(here).catch((error) => {
    if (inside === '' || !(error instanceof DataError)) throw error;
    const { message, hint } = error;
    tree.unreadable.push({
      severity: 'error',
      kind: 'unreadable folder',
      path: here,
      message,
      ...(hint !== undefined && { hint }),
    });
    return undefined;
  });
  if (names === undefined) return;
  if (inside !== '' && isRun(names)) {
    tree.runs.push(inside);
    return;
  }
  const kinds = new Map((await readdir(here, { withFileTypes: true })).map((entry) => [entry.name, entry]));
  for (const name of names) {
    const relative = inside === '' ? name : `${inside}/${name}`;
    const entry = kinds.get(name);
    // some file systems do not say in a listing
    const isLink = !entry?.isFile() && !entry?.isDirectory();
    const isFolder = isLink ? (await kindOf(join(here, name))) === 'folder' : entry?.isDirectory();
    if (!isFolder) (imageName.test(name) ? tree.images : tree.others).push(relative);
    else if (name !== unpacked) {
      const real = isLink ? await realpath(join(here, name)) : join(within.at(-1) as string, name);
      // a link to a folder that it lies in
      if (within.includes(real)) continue;
      if (within.length > deepest)
        throw new DataError(`${here}: folders lie more than ${deepest} deep`, 'check its links');
      tree.folders.push(relative);
      await walk(path, relative, [...within, real], tree);
    }
  }
}

/** What unpacking a Mac's archive elsewhere leaves. */
const unpacked = '__MACOSX';

const isRun = (names: readonly string[]) =>
  names.includes('last.safetensors') || (names.includes('config.yaml') && names.includes('metrics.jsonl'));
