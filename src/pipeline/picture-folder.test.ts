import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { putImageFiles } from '../../tests/image-files.ts';
import { type Dataset, imageFolder } from '../data/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { packed, unpacked } from './packed-picture.ts';
import { expectUsableFolder } from './picture-folder.ts';
import { Pipeline } from './pipeline.ts';

let folder: string;
let data: string;
let cache: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-cache-'));
  [data, cache] = [join(folder, 'data'), join(folder, 'cache')];
  await putImageFiles(data, ['a', 'b'], 6);
});
afterEach(() => rm(folder, { recursive: true }));

const normalisation = { mean: [0, 0, 0], std: [1, 1, 1] };
const dataset = async (): Promise<Dataset> => (await imageFolder(data, { size: 8, seed: 1 })).train;

/** The images of an epoch. */
async function epochOf(pipeline: Pipeline, of: Dataset): Promise<number[]> {
  const order = Uint32Array.from({ length: of.length }, (_, i) => i);
  const all: number[] = [];
  for await (const { images } of pipeline.batches({ dataset: of, order, batchSize: of.length, normalisation }))
    all.push(...images);
  return all;
}

/** Of a run of its own. */
async function epochOfRun(where: number | string, onNote?: (text: string) => void): Promise<number[]> {
  const pipeline = new Pipeline({ workers: 0, cache: where, ...(onNote && { onNote }) });
  try {
    return await epochOf(pipeline, await dataset());
  } finally {
    await pipeline.close();
  }
}

/** The files of pictures. */
async function entries(): Promise<string[]> {
  const names = await readdir(cache, { recursive: true, withFileTypes: true });
  return names
    .filter((name) => name.isFile() && name.parentPath !== cache)
    .map(({ name }) => join(cache, name.slice(0, 2), name));
}

test('a later epoch needs no file, and gets the same pixels', async () => {
  const expected = await epochOfRun('off');
  const pipeline = new Pipeline({ workers: 0, cache });
  const images = await dataset();
  expect(await epochOf(pipeline, images)).toEqual(expected);
  await rm(data, { recursive: true });
  expect(await epochOf(pipeline, images)).toEqual(expected);
  expect(await pipeline.folderUse()).toMatchObject({ folder: cache, pictures: images.length });
});

test('another run takes what is kept, by the content of a file and not by its name', async () => {
  const expected = await epochOfRun(cache);
  const kept = await entries();
  expect(kept).toHaveLength((await dataset()).length);
  // what the second run shows is what was kept: here, other pixels
  for (const path of kept) {
    const key = path.slice(-64);
    const picture = unpacked(await readFile(path), key);
    if (picture) await writeFile(path, packed({ ...picture, pixels: new Uint8Array(picture.pixels.length) }, key));
  }
  expect(new Set(await epochOfRun(cache))).toEqual(new Set([0]));
  // other files under the same names
  await rm(data, { recursive: true });
  await putImageFiles(data, ['a', 'unlike', 'b'], 6);
  await rm(join(data, 'unlike'), { recursive: true });
  const [changed, uncached] = [await epochOfRun(cache), await epochOfRun('off')];
  const half = expected.length / 2;
  expect(changed.slice(half)).toEqual(uncached.slice(half));
  expect(changed.slice(half)).not.toEqual(expected.slice(half));
});

test('a damaged picture is decoded again and replaced, and leftovers of a dead run go', async () => {
  const expected = await epochOfRun(cache);
  const kept = await entries();
  const contents = await Promise.all(kept.map((path) => readFile(path)));
  for (const [i, path] of kept.entries()) {
    const content = contents[i] as Buffer;
    const changed = Buffer.from(content);
    changed[content.length - 1 - i] = 255 - (changed[content.length - 1 - i] as number);
    await writeFile(path, i % 2 === 0 ? changed : content.subarray(0, 10 * i));
  }
  await writeFile(join(cache, '.skein-999999999-00000000-0000-4000-8000-000000000000.tmp'), 'half');
  expect(await epochOfRun(cache)).toEqual(expected);
  expect(await Promise.all(kept.map((path) => readFile(path)))).toEqual(contents);
  expect((await readdir(cache)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('two runs at once may use it', async () => {
  const expected = await epochOfRun('off');
  const both = await Promise.all([epochOfRun(cache), epochOfRun(cache), epochOfRun(cache)]);
  for (const one of both) expect(one).toEqual(expected);
  expect(await entries()).toHaveLength((await dataset()).length);
  expect(await readFile(join(cache, 'README.txt'), 'utf8')).toContain('may be deleted');
});

test('where nothing can be written, that is told once and the run goes on', async () => {
  const expected = await epochOfRun('off');
  // where its subfolders should be are files
  await epochOfRun(cache);
  for (const name of await readdir(cache)) if (name !== 'README.txt') await rm(join(cache, name), { recursive: true });
  for (let i = 0; i < 256; i++) await writeFile(join(cache, i.toString(16).padStart(2, '0')), '');
  await writeFile(join(folder, 'file'), '');
  for (const place of [cache, join(folder, 'file', 'cache')]) {
    const notes: string[] = [];
    expect(await epochOfRun(place, (text) => notes.push(text))).toEqual(expected);
    const words = place === cache ? 'no more decoded images are kept there' : 'decoded images cannot be kept there';
    expect(notes).toEqual([expect.stringMatching(`: ${words} \\(.*file.*\\); the run goes on`)]);
    expect(notes[0]).toContain(place);
  }
});

test('a folder that cannot be used is not counted as one that was', async () => {
  await writeFile(join(folder, 'file'), '');
  const pipeline = new Pipeline({ workers: 0, cache: join(folder, 'file', 'cache') });
  await epochOf(pipeline, await dataset());
  expect(await pipeline.folderUse()).toBeUndefined();
  await pipeline.close();
});

test('the data, a folder in it, a file, and a folder of other things are refused', async () => {
  await writeFile(join(folder, 'file'), '');
  await symlink(data, join(folder, 'link'));
  const refused: [string, RegExp][] = [
    [data, /outside of the data, but .*data is the data/],
    [join(data, 'cache'), /outside of the data, but .*cache is in .*data/],
    [join(folder, 'link', 'deep', 'cache'), /outside of the data/],
    [join(folder, 'file'), /expected a folder, but .*file is a file/],
    [folder, /expected a new folder, or one that holds decoded images, but in .* is data, file, link/],
  ];
  for (const [path, message] of refused) {
    const error = await expectUsableFolder(path, [data]).catch((thrown: unknown) => thrown);
    expect(error, path).toBeInstanceOf(ConfigError);
    expect((error as Error).message).toMatch(message);
  }
  const other = join(folder, 'project');
  await mkdir(other);
  await writeFile(join(other, 'README.txt'), 'about a project');
  await expect(expectUsableFolder(other, [data])).rejects.toThrow(/project is README.txt/);
  await expectUsableFolder(cache, [data]);
  await expectUsableFolder(`${data}-cache`, [data]);
});
