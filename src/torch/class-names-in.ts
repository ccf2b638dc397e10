/** Names of classes that a training script saved beside the weights. */
import { type PickleValue, quote, Tuple } from '../pickle/index.ts';

/** What a file says under one of its keys. */
export interface NamedClasses {
  /** The keys that lead to it, joined by dots: `class_to_idx`. */
  readonly path: string;
  /** In the order of the logits; undefined where they make no sense. */
  readonly names?: readonly string[];
  /** Why they make none. */
  readonly problem?: string;
}

/** As torchvision, transformers, MMClassification and common scripts call them. */
const keys = ['class_to_idx', 'idx_to_class', 'id2label', 'label2id', 'class_names', 'classes', 'CLASSES'];

/** In the saved dict, and in the dicts directly in it, such as Lightning's `hyper_parameters`. */
export function classNamesIn(root: PickleValue): NamedClasses[] {
  if (!(root instanceof Map)) return [];
  // each value once: a few bytes may repeat a large one without end
  const seen = new Set<PickleValue>([root]);
  const found = namesIn(root, '', seen);
  for (const [key, value] of root) {
    if (typeof key !== 'string' || key.length > 100 || !(value instanceof Map) || seen.has(value)) continue;
    seen.add(value);
    found.push(...namesIn(value, `${key}.`, seen));
  }
  return found;
}

function namesIn(dict: ReadonlyMap<PickleValue, PickleValue>, prefix: string, seen: Set<PickleValue>): NamedClasses[] {
  return keys.flatMap((key) => {
    const value = dict.get(key);
    if (value === undefined || seen.has(value)) return [];
    if (value instanceof Map || Array.isArray(value) || value instanceof Tuple) seen.add(value);
    const read = namesOf(value);
    if (!read) return [];
    return [{ path: `${prefix}${key}`, ...(Array.isArray(read) ? { names: read } : { problem: read.problem }) }];
  });
}

/** Undefined where it is something else: another program may mean a count by `classes`. */
function namesOf(value: PickleValue): string[] | { problem: string } | undefined {
  if (value instanceof Map) return inOrder([...value]);
  const items = value instanceof Tuple ? value.items : Array.isArray(value) ? value : [];
  return items.length > 0 && items.every((item) => typeof item === 'string') ? distinct([...items]) : undefined;
}

/** Of names with numbers, or of numbers with names. */
function inOrder(entries: readonly [PickleValue, PickleValue][]): string[] | { problem: string } | undefined {
  if (entries.length === 0) return undefined;
  const byName = entries.every(([name, at]) => typeof name === 'string' && typeof at === 'number');
  const byNumber = entries.every(([at, name]) => numberOf(at) !== undefined && typeof name === 'string');
  if (!byName && !byNumber) return undefined;
  const names = new Map(
    entries.map(([a, b]): [number | undefined, string] =>
      byName ? [b as number, a as string] : [numberOf(a), b as string],
    ),
  );
  const ordered = entries.map((_, at) => names.get(at));
  const missing = ordered.indexOf(undefined);
  if (missing >= 0) return { problem: `there is no name for ${missing} of 0 to ${entries.length - 1}` };
  return distinct(ordered as string[]);
}

/** JSON knows only texts as keys. */
function numberOf(value: PickleValue): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined;
}

function distinct(names: string[]): string[] | { problem: string } {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return { problem: `${quote(name)} comes twice` };
    seen.add(name);
  }
  return names;
}
