/** What must hold of several sources before they are one dataset, and what tells them apart. */
import { basename, dirname, resolve } from 'node:path';
import { ConfigError, DataError } from '../tensor/index.ts';
import type { Dataset, Image } from './dataset.ts';
import type { FoundData } from './found-data.ts';

/** What was found in one of several. */
export interface NamedData {
  readonly source: string;
  readonly found: FoundData;
}

/**
 * The last part of each path, or of those that share it as many as tell them apart.
 * @throws ConfigError where one is given twice
 */
export function tellingNames(sources: readonly string[]): string[] {
  const paths = sources.map((source) => resolve(source));
  const twice = sources.find((_, i) => paths.indexOf(paths[i] as string) !== i);
  if (twice !== undefined) throw new ConfigError(`data: \`${twice}\` is given twice`, 'give each folder or table once');
  return paths.map((path) => {
    for (let depth = 1, name = lastParts(path, depth); ; depth++, name = lastParts(path, depth))
      if (
        lastParts(path, depth + 1) === name ||
        paths.every((other) => other === path || lastParts(other, depth) !== name)
      )
        return name;
  });
}

/** The last `depth` names of a path, with `/` between them. */
function lastParts(path: string, depth: number): string {
  const names: string[] = [];
  for (let rest = path; names.length < depth && basename(rest) !== ''; rest = dirname(rest))
    names.unshift(basename(rest));
  return names.join('/');
}

/** @throws DataError where images of two of them differ in size or colours, and none are scaled */
export async function expectSameSize(several: readonly NamedData[]): Promise<void> {
  const sizes: { readonly source: string; readonly size: string }[] = [];
  for (const { source, found } of several) {
    const [first] = Object.values(found.parts) as (Dataset | undefined)[];
    if (!first || first.length === 0) continue;
    sizes.push({ source, size: sizeText(first.images?.size ?? (await first.read(0)).image) });
  }
  const [first] = sizes;
  const other = sizes.find(({ size }) => size !== first?.size);
  if (first && other)
    throw new DataError(
      `${other.source}: expected images as those of ${first.source}, ${first.size}, but they are ${other.size}`,
      'a file of many images keeps its size and colours; images of folders and tables are scaled (--image-size)',
    );
}

const sizeText = ({ channels, height, width }: Omit<Image, 'pixels'>) =>
  `${height}×${width} ${channels === 1 ? 'grey' : channels === 3 ? 'in colour' : `of ${channels} channels`}`;

/** @throws DataError where two of them have the same file */
export function expectSeparate(several: readonly NamedData[]): void {
  const owners = new Map<string, string>();
  for (const { source, found } of several)
    for (const path of Object.values(found.files ?? {}).flat()) {
      const file = resolve(path);
      const owner = owners.get(file);
      if (owner !== undefined && owner !== source)
        throw new DataError(
          `${source}: expected other images than those of ${owner}, but ${path} is in both`,
          'give each image once: the folder, or a table of it',
        );
      owners.set(file, source);
    }
}
