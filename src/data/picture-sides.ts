/** How large pictures are before anybody scales them, from the beginnings of their files. */
import { concurrencyLimit } from './concurrency-limit.ts';
import type { Extent } from './resample.ts';
import { loadSharp } from './sharp.ts';

const opening = concurrencyLimit(16);

/** The sides of each file's picture, upright, in pixels; undefined for a file that cannot be read. */
export async function pictureSides(paths: readonly string[]): Promise<(Extent | undefined)[]> {
  const sharp = await loadSharp();
  const sidesOf = async (path: string): Promise<Extent | undefined> => {
    const found = await sharp(path)
      .metadata()
      .catch(() => undefined);
    return found && { height: found.autoOrient.height, width: found.autoOrient.width };
  };
  return Promise.all(paths.map((path) => opening(() => sidesOf(path))));
}
