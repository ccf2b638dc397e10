/** Errors about one file of a dataset, with the command that finds all of them, and the flag that does without. */
import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { DataError } from '../tensor/index.ts';
import type { Output } from './output.ts';
import { quoted } from './quoted.ts';

/** What `work` gives; a DataError about a file in the folder `data` says how to list every such file. */
export async function withDataHint<T>(data: unknown, { command }: Output, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DataError) || typeof data !== 'string' || !(await isAboutFileIn(data, error))) throw error;
    const all = `--on-bad-image skip passes over such files; ${command} data ${quoted(data)} lists every file that cannot be read`;
    throw Object.assign(new DataError(error.message, error.hint === undefined ? all : `${error.hint}; ${all}`), {
      stack: error.stack,
    });
  }
}

/** Messages about a file begin with its path. */
async function isAboutFileIn(data: string, { message }: DataError): Promise<boolean> {
  const [path = ''] = message.split(': ', 1);
  if (relative(data, path).startsWith('..')) return false;
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
