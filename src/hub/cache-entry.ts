/** The folder of one source in the cache: the file, a record of what it is, and what an interrupted download left. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { cacheFolder, writeFileAtomic } from '../files/index.ts';
import { configFile } from './hugging-face.ts';

const recordSchema = z.object({
  /** Where the file is from, exactly: of a repository also the commit and the file. */
  source: z.string(),
  file: z.string().refine((file) => file === plainName(file)),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int().nonnegative(),
  etag: z.string().exactOptional(),
  licence: z.string().exactOptional(),
  /** Of what lies beside it and says how images were prepared. */
  config: z.object({ sha256: z.string() }).exactOptional(),
  /** When it was downloaded, in ISO 8601. */
  date: z.string(),
});

/** What is known of a file in the cache. */
export type CacheRecord = z.infer<typeof recordSchema>;

export class CacheEntry {
  readonly folder: string;

  /** @param site where a word that is no URL is looked up */
  constructor(word: string, site = '') {
    const key = createHash('sha256').update(`${site} ${word}`).digest('hex').slice(0, 16);
    this.folder = join(cacheFolder(), 'weights', `${plainName(plainName(word).slice(-60))}-${key}`);
  }

  /** What an interrupted download left, and what it belongs to. */
  get partial(): string {
    return join(this.folder, '.partial');
  }

  pathOf({ file }: Pick<CacheRecord, 'file'>): string {
    return join(this.folder, plainName(file));
  }

  get config(): string {
    return join(this.folder, configFile);
  }

  /** The record, where there is one that makes sense, and a file of its size. */
  async record(): Promise<CacheRecord | undefined> {
    const text = await readFile(this.#recordPath, 'utf8').catch(() => '{}');
    const { data } = recordSchema.safeParse(jsonOf(text));
    return data as CacheRecord | undefined;
  }

  /** Bytes of the record's file; undefined where it is gone. */
  async size(record: CacheRecord): Promise<number | undefined> {
    const found = await stat(this.pathOf(record)).catch(() => undefined);
    return found?.isFile() ? found.size : undefined;
  }

  async keep(record: CacheRecord): Promise<void> {
    await writeFileAtomic(this.#recordPath, `${JSON.stringify(record, null, 2)}\n`);
  }

  get #recordPath(): string {
    return join(this.folder, '.record.json');
  }
}

/** A name for a file on any system, from a name of anything. */
export function plainName(name: string): string {
  const plain = name.replaceAll(/[^\w.-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '');
  return plain.slice(-100).replace(/^[.-]+/, '') || 'weights';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
