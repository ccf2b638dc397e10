import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodePng } from './encode-png.ts';
import { surveyData } from './survey-data.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-same-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Files by their paths, each a picture of one level of grey. */
async function pictures(levels: Readonly<Record<string, number>>): Promise<string> {
  const path = await mkdtemp(join(folder, 'data-'));
  for (const [name, level] of Object.entries(levels)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    const pixels = new Uint8Array(16).fill(level);
    await writeFile(join(path, name), await encodePng({ channels: 1, height: 4, width: 4, pixels }));
  }
  return path;
}

const said = async (levels: Readonly<Record<string, number>>) => {
  const path = await pictures(levels);
  const { problems } = await surveyData(path);
  return problems
    .filter(({ kind }) => kind === 'same image')
    .map(({ severity, count, message }) => [severity, count, message.replaceAll(`${path}/`, '')]);
};

it('a picture in two classes is told with both files, and how many more there are', async () => {
  expect(await said({ 'a/1.png': 1, 'a/2.png': 2, 'b/3.png': 3, 'b/4.png': 1 })).toEqual([
    ['warning', 1, 'a/1.png: the same picture as b/4.png, in `a` and in `b`: one of the two is wrong'],
  ]);
  const [[, count, message] = []] = await said({ 'a/1.png': 1, 'a/2.png': 2, 'b/3.png': 2, 'b/4.png': 1 });
  expect([count, message]).toEqual([2, expect.stringMatching(/one of the two is wrong \(another picture is alike\)$/)]);
});

it('a picture in two splits and one that is in its class twice are told apart', async () => {
  const found = await said({
    'train/a/1.png': 1,
    'train/a/2.png': 2,
    'train/b/3.png': 3,
    'train/b/4.png': 3,
    'test/a/5.png': 2,
    'test/b/6.png': 6,
  });
  expect(found.map(([, , message]) => message)).toEqual([
    'train/a/2.png: the same picture as test/a/5.png, in train and in test: it is measured on what it is trained on',
    'train/b/3.png: the same picture as train/b/4.png, both in `b`: it counts twice',
  ]);
});

it('pictures that differ are no matter, nor are records of one file', async () => {
  expect(await said({ 'a/1.png': 1, 'a/2.png': 2, 'b/3.png': 3, 'b/4.png': 4 })).toEqual([]);
  const { problems } = await surveyData('fashion-mnist-sample');
  expect(problems).toEqual([]);
});
