import { DataError } from '../tensor/index.ts';
import { readClassList } from './class-list.ts';
import { kindOf } from './folder-listing.ts';

/** `class 0`, `class 1`, …: for datasets that come without names. */
export function numberedClasses(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `class ${i}`);
}

/** Whether these are the placeholders of `numberedClasses`. */
export const isNumbered = (names: readonly string[]): boolean => names.every((name, i) => name === `class ${i}`);

/**
 * The names in a file, as `readClassList` reads it, or undefined where there is no such file.
 * @throws DataError as it does, and where a name comes twice
 */
export async function readClassNames(path: string): Promise<string[] | undefined> {
  if ((await kindOf(path)) !== 'file') return undefined;
  const names = await readClassList(path);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new DataError(
      `${path}: expected a different name for every class, but \`${twice}\` comes twice`,
      'labels are the lines of this file, counted from 0: each needs a name of its own',
    );
  return names;
}
