/** The classes of data beside those that a network knows: by name, and by position only where there are no names, or somebody says so. */
import { DataError, nearestName } from '../tensor/index.ts';
import { isNumbered } from './class-names.ts';

/** What `matchClasses` compares. */
export interface ClassLists {
  /** What the data is called in messages. */
  readonly where: string;
  /** The network's, in the order of its logits. */
  readonly known: readonly string[];
  /** The data's, in the order of its labels. */
  readonly classes: readonly string[];
  /** Positions count, whatever the names are; default false. */
  readonly classesByPosition?: boolean;
}

/** Which class of a network each class of the data is. */
export interface ClassMatch {
  readonly by: 'name' | 'position';
  /** For each class of the data, its place among the network's. */
  readonly places: readonly number[];
  /** For people, where names and order are not simply the same. */
  readonly note?: string;
}

/**
 * Matches by name (in Unicode's composed form, else exact), in any order; the data may lack classes of the network. By position where
 * one side has placeholders for names and the counts agree, or with `classesByPosition`.
 * @throws DataError where the network does not know a class, or knows two of its name; where positions count, but not as many on both sides
 */
export function matchClasses({ where, known, classes, classesByPosition = false }: ClassLists): ClassMatch {
  const places = placesByName(known, classes);
  if (classesByPosition) return byPosition({ where, known, classes }, 'as asked for');
  if (!places.includes(-1)) {
    const note = [orderNote(known, classes, places), shareNote(known, classes)]
      .filter((text) => text !== '')
      .join('; ');
    return { by: 'name', places, ...(note !== '' && { note }) };
  }
  if (places.every((place) => place === -1) && known.length === classes.length) {
    if (isNumbered(known)) return byPosition({ where, known, classes }, "since the network's have no names");
    if (isNumbered(classes)) return byPosition({ where, known, classes }, "since the data's have no names");
  }
  throw unmatched({ where, known, classes }, places);
}

/** For each of `classes` its place in `known`; -1 where it is unknown, or the name of several. */
export function placesByName(known: readonly string[], classes: readonly string[]): number[] {
  const names = known.map(composed);
  const wanted = classes.map(composed);
  // also where names come twice
  if (wanted.length === names.length && wanted.every((name, i) => name === names[i])) return [...names.keys()];
  const places = new Map<string, number>();
  for (const [i, name] of names.entries()) places.set(name, places.has(name) ? -1 : i);
  return wanted.map((name) => places.get(name) ?? -1);
}

/** `ant`, `bee`, `cow` and 7 more */
export function namesInShort(names: readonly string[], most = 5): string {
  // one more name is not longer than the words for it
  const shown = names.length <= most + 1 ? names : names.slice(0, most);
  const more = names.length - shown.length;
  return `${shown.map((name) => `\`${name}\``).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const composed = (name: string) => name.normalize('NFC');

function byPosition({ where, known, classes }: ClassLists, why: string): ClassMatch {
  if (known.length !== classes.length)
    throw new DataError(
      `${where}: expected as many classes as the network has, ${known.length}, since positions are to count, but got ${classes.length}`,
      `leave --classes-by-position (\`classesByPosition\`) out, and name the classes as the network's: ${namesInShort(known)}`,
    );
  const places = [...known.keys()];
  const isSame = placesByName(known, classes).every((place, i) => place === i);
  if (isSame) return { by: 'position', places };
  return { by: 'position', places, note: `classes are matched by position, ${why}: ${pairs(known, classes)}` };
}

/** `eight` counts as `0`, `five` as `1`, … */
const pairs = (known: readonly string[], classes: readonly string[]) =>
  classes
    .map((name, i) => ({ name, place: i }))
    .filter(({ name, place }) => name !== known[place])
    .slice(0, 3)
    .map(({ name, place }, i) => `\`${name}\` ${i === 0 ? 'counts ' : ''}as \`${known[place]}\``)
    .join(', ') + (classes.length > 3 ? ', …' : '');

function orderNote(known: readonly string[], classes: readonly string[], places: readonly number[]): string {
  const moved = places.findIndex((place, i) => i > 0 && place < (places[i - 1] as number));
  if (moved < 0) return '';
  const at = places.findIndex((place, i) => place !== i);
  return (
    `classes are matched by name, since the network has another order: \`${classes[at]}\` is class ${at} of the data and ` +
    `class ${places[at]} of the ${known.length} that the network knows`
  );
}

function shareNote(known: readonly string[], classes: readonly string[]): string {
  if (classes.length >= known.length) return '';
  return `the data has ${classes.length} of the network's ${known.length} classes; an answer of the others counts as wrong`;
}

function unmatched({ where, known, classes }: ClassLists, places: readonly number[]): DataError {
  const unknown = classes.filter((_, i) => places[i] === -1);
  const twice = unknown.find((name) => known.map(composed).includes(composed(name)));
  if (twice !== undefined) return ambiguous(where, known, twice);
  const free = known.filter((_, place) => !places.includes(place));
  const near = unknown.map((name) => ({ name, to: nearMiss(name, free) }));
  const spelt = near.filter(({ to }) => to !== undefined);
  const listed = near.slice(0, 5).map(({ name, to }) => {
    const nearest = to ?? (isNumbered(known) ? undefined : nearestName(name, free));
    return nearest === undefined ? `\`${name}\`` : `\`${name}\` (the nearest is \`${nearest}\`)`;
  });
  const more = unknown.length > listed.length ? ` and ${unknown.length - listed.length} more` : '';
  const isAll = unknown.length === classes.length;
  const said = isAll
    ? `but it knows none of the ${classes.length}: ${listed.join(', ')}${more}`
    : `but it does not know ${listed.join(', ')}${more}`;
  return new DataError(
    `${where}: expected classes that the network knows, which are ${namesInShort(known)}; ${said}`,
    spelt.length > 0
      ? 'case, spaces, `_` and `-` count: give the classes the names that the network has'
      : hintFor({ known, classes, isAll }),
  );
}

function hintFor({ known, classes, isAll }: Pick<ClassLists, 'known' | 'classes'> & { isAll: boolean }): string {
  if (!isAll) return 'give them names that the network knows, or leave them out';
  if (known.length === classes.length)
    return (
      "give the classes the names that the network has; or if they stand in the network's order, so that " +
      `${pairs(known, classes)}, say so: --classes-by-position (\`classesByPosition\` in code)`
    );
  if (isNumbered(known))
    return `the network's classes have no names, and the data has not as many: skein import --class-names FILE names them`;
  if (isNumbered(classes))
    return "the data's classes have no names, and the network has not as many: a file classes.txt beside the data names them, one a line";
  return 'give the classes the names that the network has, or take data of its classes';
}

function ambiguous(where: string, known: readonly string[], name: string): DataError {
  const places = known.flatMap((candidate, i) => (composed(candidate) === composed(name) ? [i] : []));
  return new DataError(
    `${where}: expected class names that the network knows once, but \`${name}\` is the name of its classes ${places.join(' and ')}`,
    'give the network a name for each of its classes (skein import --class-names FILE), or leave the class out',
  );
}

/** The known name that differs in nothing but case, spaces, `_` and `-`. */
function nearMiss(name: string, known: readonly string[]): string | undefined {
  const bare = (text: string) =>
    composed(text)
      .toLowerCase()
      .replaceAll(/[\s_-]/g, '');
  const wanted = bare(name);
  return wanted === '' ? undefined : known.find((candidate) => bare(candidate) === wanted);
}
