import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { DataError } from '../../tensor/index.ts';
import { readClassList } from './class-list.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-classes-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function classes(name: string, text: string): Promise<string[]> {
  const path = join(folder, name);
  await writeFile(path, text);
  return readClassList(path);
}

it('JSON that is broken is refused with the reason, and not read as a name a line', async () => {
  const broken = classes('broken.json', '[\n"hat",\n"shoe"\n');
  await expect(broken).rejects.toBeInstanceOf(DataError);
  await expect(broken).rejects.toThrow(/broken\.json: expected JSON, but it cannot be read: \S/);
});

it('a text may start with a bracket', async () => {
  expect(await classes('brackets.txt', '[none]\nhat\n')).toEqual(['[none]', 'hat']);
});
