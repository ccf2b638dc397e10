/** Units of equal layers, whose order only names and numbers tell. */
import type { Assignment } from './assign-layers.ts';
import type { FileLayer } from './file-layers.ts';
import { signatureOf } from './signatures.ts';
import type { TiledUnit } from './tile-layers.ts';

/** Pairs that could change places: all, or where they are too many, neighbours. */
export function alikeUnits(units: readonly TiledUnit[], most: number): [TiledUnit, TiledUnit][] {
  const content = ({ group, wanted }: TiledUnit) => `${group}: ${wanted.map(signatureOf).join('; ')}`;
  const alike = new Map<string, TiledUnit[]>();
  for (const unit of units) alike.set(content(unit), [...(alike.get(content(unit)) ?? []), unit]);
  const rows = [...alike.values()].filter(({ length }) => length > 1);
  const pairs = (reach: number) =>
    rows.flatMap((row) =>
      row.flatMap((a, i) => row.slice(i + 1, i + 1 + reach).map((b): [TiledUnit, TiledUnit] => [a, b])),
    );
  const all = pairs(Number.POSITIVE_INFINITY);
  return all.length <= most ? all : pairs(1).slice(0, most);
}

/** `layers` with the layers of two units exchanged. */
export function exchanged(layers: Assignment, [a, b]: readonly [TiledUnit, TiledUnit]): Assignment {
  const changed = new Map<string, FileLayer>(layers);
  for (const one of a.wanted) {
    const other = b.wanted.find(({ within, path }) => within === one.within && path !== one.path);
    if (!other) continue;
    changed.set(one.path, layers.get(other.path) as FileLayer);
    changed.set(other.path, layers.get(one.path) as FileLayer);
  }
  return changed;
}

/** The name of a unit's first layer. */
export const firstOf = ({ found }: TiledUnit): string => (found[0] as FileLayer).path;

/** Two units, as messages name them. */
export function namesOfPair(a: TiledUnit, b: TiledUnit): string {
  const [one, other] = [nameOf(a), nameOf(b)];
  return one === other ? `those from \`${firstOf(a)}\` and from \`${firstOf(b)}\`` : `\`${one}\` and \`${other}\``;
}

/** What names of a unit have in common. */
function nameOf({ found }: TiledUnit): string {
  const [first, ...rest] = found.map(({ path }) => path);
  let end = first?.length ?? 0;
  for (const path of rest) while (!path.startsWith((first as string).slice(0, end))) end--;
  const common = (first ?? '').slice(0, end).replace(/[./_]?[^./_]*$/, '');
  return common === '' || found.length === 1 ? (first as string) : common;
}
