/** Names of classes in a file of the user's. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { fileError } from '../../files/index.ts';
import { DataError } from '../../tensor/index.ts';

const list = z.array(z.string());
/** As in `imagenet_class_index.json`: by number, the name, or an identifier and the name. */
const byNumber = z.record(z.string().regex(/^\d+$/), z.union([z.string(), z.array(z.string()).min(1)]));
/** As torchvision's `class_to_idx`. */
const byName = z.record(z.string(), z.int().nonnegative());

/**
 * One name a line; or as JSON a list, a record of numbers and names, or one of names and numbers. In the order of the logits.
 * @throws CheckpointError where it cannot be read; DataError where it is none of these, or a number is missing
 */
export async function readClassList(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error) => {
    throw fileError('read', path, error, 'give a text file with one class name a line, or a JSON list');
  });
  const json = jsonOf(path, text);
  if (json === undefined)
    return text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  if (list.safeParse(json).success) return list.parse(json);
  const numbered = byNumber.safeParse(json);
  if (numbered.success)
    return inOrder(
      path,
      Object.entries(numbered.data).map(([at, name]) => [
        Number(at),
        Array.isArray(name) ? (name.at(-1) as string) : name,
      ]),
    );
  const named = byName.safeParse(json);
  if (named.success)
    return inOrder(
      path,
      Object.entries(named.data).map(([name, at]) => [at, name]),
    );
  throw new DataError(
    `${path}: expected a list of names, or a record of numbers and names`,
    'as text one name a line is enough',
  );
}

function inOrder(path: string, entries: readonly (readonly [at: number, name: string])[]): string[] {
  const names = new Map(entries);
  const missing = entries.findIndex((_, at) => !names.has(at));
  if (missing >= 0)
    throw new DataError(
      `${path}: expected a name for each of 0 to ${entries.length - 1}, but there is none for ${missing}`,
      'classes are counted from 0',
    );
  return entries.map((_, at) => names.get(at) as string);
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
