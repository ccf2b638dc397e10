import { DataError } from '../tensor/index.ts';
import { readBytes } from './binary-file.ts';
import { kindOf } from './folder-listing.ts';

/** `class 0`, `class 1`, …: for datasets that come without names. */
export function numberedClasses(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `class ${i}`);
}

/** Whether these are the placeholders of `numberedClasses`. */
export const isNumbered = (names: readonly string[]): boolean => names.every((name, i) => name === `class ${i}`);

/**
 * The names in a text file, one a line, or undefined where there is no such file.
 * @throws DataError where a name comes twice or there is none
 */
export async function readClassNames(path: string): Promise<string[] | undefined> {
  if ((await kindOf(path)) !== 'file') return undefined;
  const lines = new TextDecoder().decode(await readBytes(path)).split('\n');
  const names = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (names.length === 0)
    throw new DataError(
      `${path}: expected one class name a line, but got none`,
      'name the classes, or remove the file',
    );
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new DataError(
      `${path}: expected a different name for every class, but \`${twice}\` comes twice`,
      'labels are the lines of this file, counted from 0: each needs a name of its own',
    );
  return names;
}
