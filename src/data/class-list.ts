/** Names of classes in a file of the user's, in any of the forms in which tools write them. */
import { z } from 'zod';
import { DataError } from '../tensor/index.ts';
import { readBytes } from './binary-file.ts';
import { namesInTable } from './class-table.ts';

const list = z.array(z.string()).min(1);
/** As in `imagenet_class_index.json`: by number, the name, or an identifier and the name. */
const byNumber = z.record(z.string().regex(/^\d+$/), z.union([z.string(), z.array(z.string()).min(1)]));
/** As torchvision's `class_to_idx`. */
const byName = z.record(z.string(), z.int().nonnegative());

/** Under which keys other tools keep them: transformers' config.json, Teachable Machine's metadata.json, and scripts. */
const keys = ['id2label', 'label2id', 'labels', 'class_names', 'classes', 'class_to_idx', 'idx_to_class', 'names'];

/**
 * In the order of the logits. As text one name a line, each with its number or none, or a CSV with a header; as JSON a list, a record of
 * numbers and names or of names and numbers, or an object with one of these under a usual key, such as `id2label`.
 * @throws DataError where the file cannot be read or is none of these, or a number is missing or comes twice
 */
export async function readClassList(path: string): Promise<string[]> {
  const text = new TextDecoder().decode(await readBytes(path));
  const json = jsonOf(path, text);
  const names = json === undefined ? namesInText(path, text) : namesInJson(path, json);
  if (names.length > 0) return names;
  throw new DataError(`${path}: expected one class name a line, but got none`, 'name the classes');
}

function namesInText(path: string, text: string): string[] {
  const lines = text
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const table = namesInTable(lines, /\.(csv|tsv)$/i.test(path));
  if (table && 'names' in table) return table.names;
  if (table) return isCount(table.numbered, 1) ? inOrder(table.numbered) : numbered(path, table.numbered);
  const dict = pythonDict(text);
  if (dict) return numbered(path, dict);
  const leading = pairsIn(lines, /^(\d{1,9})(?:\s*[:,;=)\t]\s*|\.\s+|\s+)([^\s-].*)$/, ([at, name]) => [
    Number(at),
    name,
  ]);
  if (leading && (isCount(leading, 0) || isCount(leading, 1))) return inOrder(leading);
  if (leading && startsAsCount(leading)) return numbered(path, leading);
  const trailing = pairsIn(lines, /^(.*[^\s\d:,;=])(?:\s*[:,;=\t]\s*|\s+)(\d{1,9})$/, ([name, at]) => [
    Number(at),
    name,
  ]);
  const isList = trailing && isCount(trailing, 0) && new Set(trailing.map(([, name]) => name)).size === trailing.length;
  return isList ? inOrder(trailing) : lines;
}

type Numbered = readonly [at: number, name: string];

/** Undefined unless every line, of two or more, has that form. */
function pairsIn(
  lines: readonly string[],
  form: RegExp,
  pair: (groups: [string, string]) => Numbered,
): Numbered[] | undefined {
  if (lines.length < 2) return undefined;
  const pairs = lines.map((line) => form.exec(line));
  return pairs.every((found) => found !== null)
    ? pairs.map((found) => pair([found[1] ?? '', found[2] ?? '']))
    : undefined;
}

/** Whether the numbers are `from`, `from + 1`, …, each once, in any order. */
function isCount(entries: readonly Numbered[], from: number): boolean {
  const numbers = new Set(entries.map(([at]) => at));
  return numbers.size === entries.length && entries.every(([at]) => at >= from && at < from + entries.length);
}

/** Ascending from 0 or 1, but with a gap: meant as a count, as names such as `3 doors` and `5 doors` are not. */
const startsAsCount = (entries: readonly Numbered[]) =>
  (entries[0]?.[0] === 0 || entries[0]?.[0] === 1) &&
  entries.every(([at], i) => i === 0 || at > (entries[i - 1]?.[0] ?? 0));

const inOrder = (entries: readonly Numbered[]) => [...entries].sort(([a], [b]) => a - b).map(([, name]) => name);

/** @throws DataError unless the numbers are 0, 1, … */
function numbered(path: string, entries: readonly Numbered[]): string[] {
  if (isCount(entries, 0)) return inOrder(entries);
  const numbers = new Set<number>();
  const twice = entries.find(([at]) => numbers.size === numbers.add(at).size);
  if (twice)
    throw new DataError(
      `${path}: expected every number once, but ${twice[0]} comes twice`,
      'each class has a number of its own',
    );
  const missing = entries.findIndex((_, at) => !numbers.has(at));
  throw new DataError(
    `${path}: expected a name for each of 0 to ${entries.length - 1}, but there is none for ${missing}`,
    'classes are counted from 0',
  );
}

/** `{0: 'tench, Tinca tinca', 1: 'goldfish'}`, as Python prints a dict. */
function pythonDict(text: string): Numbered[] | undefined {
  if (!/^\s*\{\s*\d+\s*:/.test(text)) return undefined;
  const entries = [...text.matchAll(/(\d+)\s*:\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")\s*(?=[,}])/g)];
  return entries.map(([, at, single, double]) => [
    Number(at),
    (single ?? double ?? '').replaceAll(/\\(['"\\])/g, '$1'),
  ]);
}

function namesInJson(path: string, json: unknown): string[] {
  const names = namesOf(path, json);
  if (names) return names;
  const inner = typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
  for (const key of keys) {
    const found = Object.hasOwn(inner, key) ? namesOf(path, inner[key]) : undefined;
    if (found) return found;
  }
  throw new DataError(
    `${path}: expected a list of names, or a record of numbers and names, also under \`id2label\`, \`labels\` or \`class_names\``,
    'as text one name a line is enough',
  );
}

function namesOf(path: string, json: unknown): string[] | undefined {
  if (list.safeParse(json).success) return list.parse(json);
  const numbers = byNumber.safeParse(json);
  const entries = Object.entries(numbers.data ?? {});
  if (entries.length > 0)
    return numbered(
      path,
      entries.map(([at, name]) => [Number(at), Array.isArray(name) ? (name.at(-1) as string) : name]),
    );
  const named = Object.entries(byName.safeParse(json).data ?? {});
  if (named.length === 0) return undefined;
  return numbered(
    path,
    named.map(([name, at]) => [at, name]),
  );
}

/** Undefined where it is one name a line; those may start with a bracket too. */
function jsonOf(path: string, text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    // trimmed, since Windows puts a byte order mark in front
    return JSON.parse(text.trim());
  } catch (error) {
    if (!/\.json$/i.test(path)) return undefined;
    const [reason] = (error as Error).message.split('\n');
    throw new DataError(
      `${path}: expected JSON, but it cannot be read: ${reason}`,
      'repair it, or give one name a line in a file that is not called .json',
    );
  }
}
