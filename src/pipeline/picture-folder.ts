/** The folder in which a run keeps decoded pictures: what it may be, and what is known of it while the run goes on. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { makeFolder, reasonOf, removeLeftovers, replaceFile } from '../files/index.ts';
import { ConfigError } from '../tensor/index.ts';

const about = 'README.txt';
const aboutText = `Decoded images that Skein keeps, so that they need not be decoded again (skein train --cache).
Any number of runs may use this folder at once, and it may be deleted at any time.
`;

/** What is in such a folder. */
export interface FolderUse {
  readonly folder: string;
  readonly pictures: number;
  readonly bytes: number;
}

export class PictureFolder {
  readonly path: string;
  /** Digests of image files by their paths: within a run a file is read once. */
  readonly contents = new Map<string, string>();
  readonly #onNote: (text: string) => void;
  #mayWrite = true;
  #isUsable = true;

  private constructor(path: string, onNote: (text: string) => void) {
    this.path = path;
    this.#onNote = onNote;
  }

  /** @throws ConfigError where it must not be used; where it cannot be, that is told, and the run goes on without */
  static async open(path: string, onNote: (text: string) => void): Promise<PictureFolder> {
    await expectUsableFolder(path, []);
    const folder = new PictureFolder(resolve(path), onNote);
    try {
      await makeFolder(folder.path);
      const names = await readdir(folder.path);
      if (!names.includes(about)) await replaceFile(join(folder.path, about), Buffer.from(aboutText), folder.path);
      await removeLeftovers(folder.path);
    } catch (error) {
      folder.#isUsable = false;
      folder.stopKeeping(reasonOf(error));
    }
    return folder;
  }

  get mayWrite(): boolean {
    return this.#mayWrite;
  }

  /** Told once. */
  stopKeeping(reason: string): void {
    if (!this.#mayWrite) return;
    this.#mayWrite = false;
    const what = this.#isUsable ? 'no more decoded images are kept there' : 'decoded images cannot be kept there';
    this.#onNote(`${this.path}: ${what} (${reason}); the run goes on without`);
  }

  /** Undefined where it could not be used at all. */
  async use(): Promise<FolderUse | undefined> {
    if (!this.#isUsable) return undefined;
    let [pictures, bytes] = [0, 0];
    for (const name of (await namesIn(this.path)).filter((one) => /^[0-9a-f]{2}$/.test(one))) {
      const subfolder = join(this.path, name);
      const sizes = (await namesIn(subfolder)).map((one) => stat(join(subfolder, one)).then(({ size }) => size));
      for (const found of await Promise.allSettled(sizes)) {
        if (found.status === 'rejected') continue;
        pictures++;
        bytes += found.value;
      }
    }
    return { folder: this.path, pictures, bytes };
  }
}

const namesIn = (path: string): Promise<string[]> => readdir(path).catch(() => []);

/**
 * @param data where images are: in such a folder, pictures would become images of another class
 * @throws ConfigError for a file, a folder that has other things in it, or one of the data
 */
export async function expectUsableFolder(path: string, data: readonly string[]): Promise<void> {
  const where = await realPath(path);
  for (const source of data) {
    const way = relative(await realPath(source), where);
    if (way === '' || !(way.startsWith('..') || isAbsolute(way)))
      throw new ConfigError(
        `cache: expected a folder outside of the data, but ${path} is ${way === '' ? 'the data' : `in ${source}`}`,
        `choose a folder of its own, such as ${join(dirname(await realPath(source)), 'skein-cache')}`,
      );
  }
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isDirectory())
    throw new ConfigError(`cache: expected a folder, but ${path} is a file`, 'give a folder, which need not exist yet');
  const names = (await namesIn(path)).filter((name) => !name.startsWith('.skein-'));
  const isOurs = names.includes(about) && (await readFile(join(path, about), 'utf8').catch(() => '')) === aboutText;
  if (names.length > 0 && !isOurs)
    throw new ConfigError(
      `cache: expected a new folder, or one that holds decoded images, but in ${path} is ${names.slice(0, 3).join(', ')}`,
      `choose a folder of its own, such as ${join(path, 'skein-cache')}`,
    );
}

/** The path without links, as far as it exists. */
async function realPath(path: string): Promise<string> {
  const whole = resolve(path);
  const real = await realpath(whole).catch(() => undefined);
  if (real !== undefined || dirname(whole) === whole) return real ?? whole;
  return join(await realPath(dirname(whole)), basename(whole));
}
