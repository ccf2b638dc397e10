/** Errors about one file of a dataset, with the command that finds all of them, and the flag that does without. */
import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { type DataSource, imageName, isDataSource, isTableName, sourcesOf } from '../data/index.ts';
import { launched } from '../mpi/index.ts';
import { DataError, quoted } from '../tensor/index.ts';
import { type ReadingFlags, readingWords } from './data-flags.ts';
import type { Output } from './output.ts';

/**
 * What `work` gives; a DataError about a file of `data` says how to list every such file.
 * @param options.skips whether the command has --on-bad-image; default: where it is not one of several ranks
 */
export async function withDataHint<T>(
  data: unknown,
  reading: ReadingFlags,
  { command }: Output,
  work: () => Promise<T>,
  { skips = launched() === undefined } = {},
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DataError) || !isDataSource(data)) throw error;
    const [source] = await sourcesOfError(data, error);
    if (source === undefined) throw error;
    const all = `${skips ? '--on-bad-image skip passes over such files; ' : ''}${command} data ${quoted(source)}${readingWords(reading)} lists every file that cannot be read`;
    throw Object.assign(new DataError(error.message, error.hint === undefined ? all : `${error.hint}; ${all}`), {
      stack: error.stack,
    });
  }
}

/** Of several, which it is about. */
async function sourcesOfError(data: DataSource, error: DataError): Promise<string[]> {
  const found = await Promise.all(sourcesOf(data).map((source) => isAboutFileIn(source, error)));
  return sourcesOf(data).filter((_, i) => found[i]);
}

/** Messages about a file begin with its path. Images of a table may be anywhere. The data itself is no file of it. */
async function isAboutFileIn(data: string, { message }: DataError): Promise<boolean> {
  const [path = ''] = message.replace(/^rank \d+ of \d+ on [^:]+: /, '').split(': ', 1);
  if (relative(data, path) === '') return false;
  const isInside = isTableName(data) || !relative(data, path).startsWith('..');
  if (!isInside) return false;
  const found = await stat(path).catch(() => undefined);
  // one that is gone, or a link that leads nowhere
  return found ? !found.isDirectory() : imageName.test(path);
}
