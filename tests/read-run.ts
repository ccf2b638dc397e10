import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What a run's config.yaml has of its augmentations. */
export async function readRun(run: string): Promise<{ augment: { name: string }[] }> {
  return parse(await readFile(join(run, 'config.yaml'), 'utf8')) as { augment: { name: string }[] };
}
