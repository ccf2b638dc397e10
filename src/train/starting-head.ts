/** What becomes of the head of starting weights: it is kept where its classes are the data's, whatever their order. */
import { isNumbered, namesInShort, placesByName } from '../data/index.ts';
import { ConfigError } from '../tensor/index.ts';

/** Told at a run's start. */
export interface StartingHead {
  /** `classifier` */
  readonly path: string;
  /** 'reordered': its rows were put into the order of the data's classes. 'by position': without names, or as asked for. */
  readonly fate: 'kept' | 'reordered' | 'by position' | 'renewed';
  /** For people: why, where it was not simply kept. */
  readonly reason?: string;
}

/** What `startingHead` compares. */
export interface HeadClasses {
  readonly path: string;
  /** The weights' classes, in the order of their logits. */
  readonly known: readonly string[];
  /** The data's. */
  readonly classes: readonly string[];
  readonly classesByPosition: boolean;
  /** Whether the run fine-tunes: then a head without names is no head of the data's. */
  readonly isFineTuned: boolean;
  /** Whether the rows of the head are its classes; asked only where they must change places. */
  readonly areRows: () => boolean;
}

/** The fate, and for 'reordered' the row that each class of the data has in the weights. @throws ConfigError where positions cannot count */
export function startingHead(options: HeadClasses): StartingHead & { readonly places?: readonly number[] } {
  const { path, known, classes, classesByPosition, isFineTuned, areRows } = options;
  const places = placesByName(known, classes);
  if (known.length === classes.length && places.every((place, i) => place === i)) return { path, fate: 'kept' };
  if (classesByPosition) {
    if (known.length === classes.length) return { path, fate: 'by position', reason: 'as asked for' };
    throw new ConfigError(
      `train: \`classesByPosition\` needs as many classes on both sides, but the weights know ${known.length} and the data has ${classes.length}`,
      'leave it (--classes-by-position) out: the head then starts anew',
    );
  }
  if (known.length !== classes.length)
    return renewed(path, `the weights know ${known.length} classes, the data has ${classes.length}`);
  const unknown = classes.filter((_, i) => places[i] === -1);
  if (unknown.length === 0 && new Set(places).size === known.length) {
    const moved = places.findIndex((place, i) => place !== i);
    const reason = `\`${classes[moved]}\` is class ${moved} of the data and was class ${places[moved]} of the weights`;
    if (areRows()) return { path, fate: 'reordered', reason, places };
    return renewed(path, `${reason}, and it has no row for each class that could change places`);
  }
  if (unknown.length === classes.length) {
    if (isNumbered(known) && isFineTuned)
      return renewed(path, 'the weights have no names for their classes; --classes-by-position keeps it');
    if (isNumbered(known)) return { path, fate: 'by position', reason: 'the weights have no names for their classes' };
    if (isNumbered(classes)) return { path, fate: 'by position', reason: 'the data has no names for its classes' };
  }
  const others = unknown.length > 0 ? `do not know ${namesInShort(unknown, 3)}` : 'have one name for several classes';
  return renewed(path, `the weights ${others}`);
}

const renewed = (path: string, reason: string) => ({ path, fate: 'renewed', reason }) as const;
