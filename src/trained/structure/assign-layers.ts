/** Which layer of a unit is which: one answer for all units whose layers are named alike. */
import { areNumbered, type FileLayer } from './file-layers.ts';
import { likenesses, signatureIn, signatureOf } from './signatures.ts';
import type { TiledUnit } from './tile-layers.ts';

/** By the path in Skein: the layer of the file. */
export type Assignment = ReadonlyMap<string, FileLayer>;

/** Those that fit, and what names say of each. */
export interface Assignments {
  /** The natural one first: layers of equal shape in the order of the file. */
  readonly all: readonly Assignment[];
  /** For each: whether numbers in names rule it out against the first. */
  readonly isByNumbers: readonly boolean[];
}

const mostAssignments = 64;

/** All assignments that fit; none where no answer holds for all units. */
export function assignments(units: readonly TiledUnit[]): Assignments {
  let all: { readonly layers: Map<string, FileLayer>; readonly moved: number; readonly words: readonly string[] }[] = [
    { layers: new Map(), moved: 0, words: [] },
  ];
  for (const family of families(units)) {
    const answers = answersOf(family);
    all = all
      .flatMap((one) =>
        answers.map((answer) => ({
          layers: new Map([...one.layers, ...answer.layers]),
          moved: one.moved + answer.moved,
          words: [...one.words, ...answer.words],
        })),
      )
      .sort((a, b) => a.moved - b.moved)
      .slice(0, mostAssignments);
  }
  const [first] = all;
  if (!first) return { all: [], isByNumbers: [] };
  return {
    all: all.map(({ layers }) => layers),
    isByNumbers: all.map(({ layers }) => {
      const others = [...layers].filter(([path, layer]) => layer !== first.layers.get(path));
      return others.every(([path, layer]) => areNumbered(layer.path, (first.layers.get(path) as FileLayer).path));
    }),
  };
}

/** Units of one kind of group: `stage1` and `stage2`. */
function families(units: readonly TiledUnit[]): TiledUnit[][] {
  const found = new Map<string, TiledUnit[]>();
  for (const unit of units) {
    const family = unit.group.replace(/\d+$/, '');
    found.set(family, [...(found.get(family) ?? []), unit]);
  }
  return [...found.values()];
}

interface Answer {
  readonly layers: ReadonlyMap<string, FileLayer>;
  /** How many pairs of equal layers are not in the order of the file. */
  readonly moved: number;
  readonly words: readonly string[];
}

function answersOf(units: readonly TiledUnit[]): Answer[] {
  const keyed = keysOf(units);
  const allowed = new Map<string, Set<string>>();
  for (const [u, { wanted, found }] of units.entries()) {
    const known = likenesses(wanted);
    for (const [i, layer] of found.entries()) {
      const signature = signatureIn(known, layer);
      const here = wanted.filter((one) => signatureOf(one) === signature).map(({ within }) => within);
      const key = keyed[u]?.[i] as string;
      const before = allowed.get(key);
      allowed.set(key, new Set(before ? here.filter((role) => before.has(role)) : here));
    }
  }
  const keys = [...allowed.keys()].sort((a, b) => (allowed.get(a)?.size ?? 0) - (allowed.get(b)?.size ?? 0));
  const together = new Map(keys.map((key) => [key, new Set<string>()]));
  for (const own of keyed) for (const a of own) for (const b of own) if (a !== b) together.get(a)?.add(b);

  const answers: Map<string, string>[] = [];
  const choose = (at: number, chosen: Map<string, string>): void => {
    if (answers.length >= mostAssignments) return;
    const key = keys[at];
    if (key === undefined) {
      answers.push(new Map(chosen));
      return;
    }
    for (const role of allowed.get(key) ?? []) {
      if ([...(together.get(key) ?? [])].some((other) => chosen.get(other) === role)) continue;
      chosen.set(key, role);
      choose(at + 1, chosen);
      chosen.delete(key);
    }
  };
  if (keyed.every((own) => new Set(own).size === own.length)) choose(0, new Map());
  return answers.map((answer) => answered(units, keyed, answer)).sort((a, b) => a.moved - b.moved);
}

function answered(
  units: readonly TiledUnit[],
  keyed: readonly (readonly string[])[],
  answer: ReadonlyMap<string, string>,
): Answer {
  const layers = new Map<string, FileLayer>();
  let moved = 0;
  for (const [u, { wanted, found }] of units.entries()) {
    const places = found.map((layer, i) => {
      const role = answer.get(keyed[u]?.[i] as string);
      const place = wanted.findIndex(({ within }) => within === role);
      layers.set(wanted[place]?.path as string, layer);
      return place;
    });
    places.forEach((a, i) => {
      for (const b of places.slice(i + 1)) {
        const [x, y] = [wanted[a], wanted[b]];
        if (a > b && x && y && signatureOf(x) === signatureOf(y)) moved++;
      }
    });
  }
  return { layers, moved, words: [...answer.keys()] };
}

/**
 * What names a layer within its unit: the words after those that tell the unit. Where names go on through the whole file (`features.28`),
 * what kind of layer it is, and which of them.
 */
function keysOf(units: readonly TiledUnit[]): string[][] {
  const depth = Math.min(
    ...units.map(({ found }) => (found.length > 1 ? commonWords(found) : Number.POSITIVE_INFINITY)),
  );
  const named = units.map(({ found }) =>
    found.map(({ words }) => (Number.isFinite(depth) ? words.slice(depth).join('.') : '')),
  );
  const most = Math.max(...units.map(({ found }) => found.length));
  if (new Set(named.flat()).size <= 2 * most) return named;
  return units.map(({ found }) => {
    const count = { map: 0, norm: 0 };
    const total = (kind: FileLayer['kind']) => found.filter((layer) => layer.kind === kind).length;
    return found.map(({ kind }) => `${kind} ${++count[kind]} of ${total(kind)}`);
  });
}

function commonWords(layers: readonly FileLayer[]): number {
  const [first, ...rest] = layers.map(({ words }) => words);
  let count = 0;
  while (count < (first?.length ?? 0) && rest.every((words) => words[count] === first?.[count])) count++;
  return count;
}
