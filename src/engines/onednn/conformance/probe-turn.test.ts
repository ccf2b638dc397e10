import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { inTurn } from './probe-turn.ts';

let folder: string;
const before = process.env.SKEIN_CACHE;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'turn-'));
  process.env.SKEIN_CACHE = folder;
});
afterEach(async () => {
  if (before === undefined) delete process.env.SKEIN_CACHE;
  else process.env.SKEIN_CACHE = before;
  await rm(folder, { recursive: true });
});

const known = () => readFile(join(folder, 'answer'), 'utf8').catch(() => undefined);

it('has one of many find the answer, which the others then have, and leaves nothing else', async () => {
  let times = 0;
  const find = async () => {
    times++;
    await writeFile(join(folder, 'answer'), 'works');
    return 'works';
  };
  const answers = await Promise.all(Array.from({ length: 8 }, () => inTurn(30, known, find)));
  expect(new Set(answers)).toEqual(new Set(['works']));
  expect(times).toBe(1);
  expect(await readdir(folder)).toEqual(['answer']);
});

it('finds out by itself where who was at it found nothing', async () => {
  let times = 0;
  const find = async () => `try ${++times}`;
  const answers = await Promise.all([inTurn(30, known, find), inTurn(30, known, find)]);
  expect(answers.sort()).toEqual(['try 1', 'try 2']);
});

it('does without turns where nothing can be kept', async () => {
  await writeFile(join(folder, 'file'), '');
  for (const cache of ['/proc/skein', join(folder, 'file')]) {
    process.env.SKEIN_CACHE = cache;
    // nobody is waited for: the test would end before
    expect(await inTurn(3600, known, async () => 'found'), cache).toBe('found');
  }
});
