import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folder-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('makes what is missing, and says whether it was', async () => {
  const path = join(folder, 'a', 'b', 'c');
  expect(await makeFolder(path)).toBe(true);
  expect((await stat(path)).isDirectory()).toBe(true);
  expect(await makeFolder(path)).toBe(false);
});

it('shares the work with others', async () => {
  const made = await Promise.all(Array.from({ length: 8 }, () => makeFolder(join(folder, 'a', 'b', 'c'))));
  expect(made.filter(Boolean)).toHaveLength(1);
});

it('gives the reason where a file is in the way', async () => {
  const path = join(folder, 'a');
  await writeFile(path, '');
  await expect(makeFolder(path)).rejects.toThrow('EEXIST');
  await expect(makeFolder(join(path, 'b'))).rejects.toThrow(/ENOTDIR|EEXIST/);
});

it.skipIf(!existsSync('/proc/self'))('comes back where the file system makes no folders', async () => {
  await expect(makeFolder('/proc/nope/a')).rejects.toThrow('ENOENT');
});
