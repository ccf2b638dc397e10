/** A file's layers, in one order, as the units of a network: each unit's layers stand together, each group's units follow each other. */
import type { FileLayer } from './file-layers.ts';
import type { NetworkLayer } from './network-layers.ts';
import { likenesses, signatureIn, signatureOf } from './signatures.ts';

/** A unit of the network, and the layers of the file that are its, not yet one by one. */
export interface TiledUnit {
  readonly unit: string;
  readonly group: string;
  readonly wanted: readonly NetworkLayer[];
  readonly found: readonly FileLayer[];
}

interface Group {
  readonly name: string;
  readonly units: readonly (readonly NetworkLayer[])[];
}

/** Each way to tile would be a hypothesis; more than a few are no structure. */
const mostTilings = 8;
/** Steps of the search, so that no file can make it long. */
const mostSteps = 200_000;

/** All ways, up to a few; none where the order of the layers is another. */
export function tilings(layers: readonly FileLayer[], wanted: readonly NetworkLayer[]): TiledUnit[][] {
  const whole = search(
    layers,
    groupsOf(wanted, (layer) => layer),
  );
  if (whole.length > 0) return whole;
  // what stands before the blocks and after them may be named apart
  const isLoose = ({ group }: NetworkLayer) => !/\d$/.test(group);
  return search(
    layers,
    groupsOf(wanted, (layer) => (isLoose(layer) ? { ...layer, unit: layer.path, group: layer.path } : layer)),
  );
}

function groupsOf(wanted: readonly NetworkLayer[], placed: (layer: NetworkLayer) => NetworkLayer): Group[] {
  const groups = new Map<string, Map<string, NetworkLayer[]>>();
  for (const layer of wanted.map(placed)) {
    const units = groups.get(layer.group) ?? new Map<string, NetworkLayer[]>();
    units.set(layer.unit, [...(units.get(layer.unit) ?? []), layer]);
    groups.set(layer.group, units);
  }
  return [...groups].map(([name, units]) => ({ name, units: [...units.values()] }));
}

function search(layers: readonly FileLayer[], groups: readonly Group[]): TiledUnit[][] {
  const known = likenesses(groups.flatMap(({ units }) => units.flat()));
  const signatures = layers.map((layer) => signatureIn(known, layer));
  const shared = layers.map((layer, i) => sharedWords(layers[i - 1]?.words ?? [], layer.words));
  const contents = groups.map(({ units }) => units.map((unit) => unit.map(signatureOf).sort().join('; ')));
  const found: TiledUnit[][] = [];
  let steps = 0;

  const fits = (at: number, count: number, content: string) =>
    signatures
      .slice(at, at + count)
      .sort()
      .join('; ') === content && isPart(at, count);
  // whole branches of the names: neighbours share no more words with it than its layers do among themselves
  const isPart = (at: number, count: number) => {
    if (count === 1) return true;
    const inside = Math.min(...shared.slice(at + 1, at + count));
    return (at === 0 || (shared[at] as number) <= inside) && (shared[at + count] ?? 0) <= inside;
  };
  const tile = (at: number, left: readonly number[], done: readonly TiledUnit[]): void => {
    if (found.length >= mostTilings || ++steps > mostSteps) return;
    if (left.length === 0) {
      if (at === layers.length) found.push([...done]);
      return;
    }
    const tried = new Set<string>();
    for (const g of left) {
      const { name, units } = groups[g] as Group;
      const alike = (contents[g] as string[]).join(' | ');
      if (tried.has(alike)) continue;
      let next = at;
      const here: TiledUnit[] = [];
      for (const [u, wanted] of units.entries()) {
        steps++;
        if (!fits(next, wanted.length, contents[g]?.[u] as string)) break;
        const unit = wanted[0]?.unit as string;
        here.push({ unit, group: name, wanted, found: layers.slice(next, next + wanted.length) });
        next += wanted.length;
      }
      if (here.length < units.length) continue;
      tried.add(alike);
      tile(
        next,
        left.filter((other) => other !== g),
        [...done, ...here],
      );
    }
  };
  tile(
    0,
    groups.map((_, i) => i),
    [],
  );
  return found;
}

function sharedWords(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count++;
  return count;
}
