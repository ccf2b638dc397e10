/** Where the images of a table lie: names of any kind, found in folders that are listed once each. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, posix } from 'node:path';
import { DataError } from '../tensor/index.ts';
import { concurrencyLimit } from './concurrency-limit.ts';
import { kindOf } from './folder-listing.ts';
import { imageName } from './folder-tree.ts';
import { readingReason } from './unreadable-file.ts';

/** Finds images by the names that a table has for them. */
export interface TableImages {
  /** The image's path; or, where there is none, why, in words that begin with what is wrong. */
  find(name: string): { readonly path: string } | { readonly problem: string };
}

/** How many of the first rows say which folder the names start from. */
const telling = 20;

/**
 * Lists the folders that the names lead to: of a million images as many as there are folders.
 * @param table the table's path
 * @param folder where the names start; default the table's folder, or one of the usual beside it, whichever has the first images
 * @throws DataError where there is no such folder, or one cannot be read
 */
export async function tableImages(table: string, names: Iterable<string>, folder?: string): Promise<TableImages> {
  const here = dirname(table);
  const places = new Set<string>();
  const first: string[] = [];
  for (const name of names) {
    places.add(placeOf(name).folder);
    if (first.length < telling) first.push(name);
  }
  const roots = folder === undefined ? await usualRoots(table) : [await namedFolder(here, folder)];
  const listings = new Listings();
  let [root = here] = roots;
  if (roots.length > 1) {
    const counts: number[] = [];
    for (const candidate of roots) {
      const folders = new Set(first.map((name) => at(candidate, placeOf(name).folder)));
      await listings.read(folders);
      counts.push(first.filter((name) => 'path' in find(candidate, name, listings)).length);
    }
    root = roots[counts.indexOf(Math.max(...counts))] ?? root;
  }
  await listings.read([...places].map((place) => at(root, place)));
  const tried = first.some((name) => 'path' in find(root, name, listings)) ? [root] : roots;
  return {
    find: (name) => {
      const found = find(root, name, listings);
      if ('path' in found) return found;
      const others = tried.filter((other) => other !== root).map((other) => at(other, placeOf(name).folder));
      return {
        problem: others.length === 0 ? found.problem : `${found.problem}, nor in ${others.map(inside).join(', ')}`,
      };
    },
  };
}

/** Beside the table, where archives of the web have them. */
async function usualRoots(table: string): Promise<string[]> {
  const here = dirname(table);
  const stem = basename(table, extname(table));
  const names = [...new Set([stem, `${stem}_images`, 'images', 'train', 'train_images'])];
  const kinds = await Promise.all(names.map((name) => kindOf(join(here, name))));
  return [here, ...names.filter((_, i) => kinds[i] === 'folder').map((name) => join(here, name))];
}

/** From where the person is, or from the table. */
async function namedFolder(here: string, folder: string): Promise<string> {
  const candidates = isAbsolute(folder) ? [folder] : [folder, join(here, folder)];
  for (const candidate of candidates) if ((await kindOf(candidate)) === 'folder') return candidate;
  throw new DataError(
    `${candidates[0]}: expected the folder of a table's images, but there is no such folder${candidates.length > 1 ? `, nor ${candidates[1]}` : ''}`,
    'check --image-folder (imageFolder)',
  );
}

/** With `/` between folders, whichever system wrote it. */
export const plainPath = (name: string): string =>
  // most names are plain already
  /\\|\/\/|(^|\/)\.\.?(\/|$)/.test(name) ? posix.normalize(name.replaceAll('\\', '/')) : name;

function placeOf(name: string): { folder: string; file: string } {
  const path = plainPath(name);
  const slash = path.lastIndexOf('/');
  if (slash < 0) return { folder: '.', file: path };
  return { folder: path.slice(0, slash) || '/', file: path.slice(slash + 1) };
}

/** For messages. */
const inside = (folder: string) => (folder === '.' ? 'this folder' : folder);

const at = (root: string, folder: string) => (isAbsolute(folder) ? folder : join(root, folder));

function find(root: string, name: string, listings: Listings): { path: string } | { problem: string } {
  if (/^\w{2,}:\/\//.test(name))
    return { problem: `\`${name}\` is an address, and no file: images are read from files` };
  const { folder, file } = placeOf(name);
  const place = at(root, folder);
  const listing = listings.get(place);
  if (!listing) return { problem: `there is no folder ${place} for \`${name}\`` };
  if (!imageName.test(file)) {
    const named = listing.stem(file);
    if (named.length > 1)
      return { problem: `\`${name}\` may be ${named.slice(0, 3).join(' or ')}, which are all in ${inside(place)}` };
    if (named[0] !== undefined) return { path: join(place, named[0]) };
  }
  // what one system composes, another keeps decomposed
  const forms = listing.names.has(file) ? [file] : [file.normalize('NFC'), file.normalize('NFD')];
  const there = forms.find((each) => listing.names.has(each));
  if (there !== undefined) return { path: join(place, there) };
  const near = listing.nearly(file);
  const tried =
    imageName.test(file) || extname(file) === '' ? '' : ' or an image of that name and an ending such as .jpg';
  return {
    problem:
      extname(file) === ''
        ? `there is no image \`${file}.jpg\`, .png or of another ending in ${inside(place)}${near}`
        : `there is no file \`${file}\`${tried} in ${inside(place)}${near}`,
  };
}

class Listing {
  readonly names: ReadonlySet<string>;
  #stems: Map<string, string[]> | undefined;
  #plain: Map<string, string> | undefined;

  constructor(names: readonly string[]) {
    this.names = new Set(names);
  }

  /** The images whose names without ending are this. */
  stem(stem: string): readonly string[] {
    if (!this.#stems) {
      this.#stems = new Map();
      for (const name of this.names)
        if (imageName.test(name)) {
          const key = name.slice(0, -extname(name).length).normalize('NFC');
          this.#stems.set(key, [...(this.#stems.get(key) ?? []), name]);
        }
    }
    return this.#stems.get(stem.normalize('NFC')) ?? [];
  }

  /** For a message: another file that only upper and lower case tell apart. */
  nearly(file: string): string {
    this.#plain ??= new Map([...this.names].map((name) => [name.toLowerCase(), name]));
    const near = this.#plain.get(file.toLowerCase());
    return near === undefined ? '' : `; there is ${near}: upper and lower case count`;
  }
}

/** Listings of folders, each read once. */
class Listings {
  readonly #known = new Map<string, Listing | undefined>();
  readonly #reading = concurrencyLimit(16);

  get(folder: string): Listing | undefined {
    return this.#known.get(folder);
  }

  async read(folders: Iterable<string>): Promise<void> {
    const fresh = [...new Set(folders)].filter((folder) => !this.#known.has(folder));
    await Promise.all(
      fresh.map((folder) => this.#reading(async () => this.#known.set(folder, await listingOf(folder)))),
    );
  }
}

async function listingOf(folder: string): Promise<Listing | undefined> {
  if ((await kindOf(folder)) !== 'folder') return undefined;
  try {
    return new Listing(await readdir(folder));
  } catch (error) {
    throw new DataError(`${folder}: the folder cannot be read: ${readingReason(error)}`, 'check who may read it');
  }
}
