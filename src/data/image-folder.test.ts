import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Dataset } from './dataset.ts';
import { findImageFolder, imageFolder } from './image-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes plain images whose red value is their number. */
async function putImages(path: string, count: number, first = 0): Promise<void> {
  await mkdir(join(folder, path), { recursive: true });
  for (let i = first; i < first + count; i++) {
    const image = sharp({ create: { width: 5 + (i % 3), height: 4, channels: 3, background: { r: i, g: 0, b: 0 } } });
    await image.png().toFile(join(folder, path, `${i}.png`));
  }
}
const redsOf = async ({ length, read }: Dataset) =>
  Promise.all(Array.from({ length }, async (_, i) => (await read(i)).image.pixels[0] as number));
const labelsOf = ({ labels }: Dataset) => Array.from(labels ?? []);

test('a flat folder is split class by class, the same way for the same seed', async () => {
  await putImages('cat', 10);
  await putImages('dog', 20, 100);
  const { train, validation, test: testSet, normalisation } = await imageFolder(folder, { size: 4, seed: 1 });
  expect(train).toMatchObject({ name: `${basename(folder)}/train`, classes: ['cat', 'dog'], length: 27 });
  expect(labelsOf(validation as Dataset)).toEqual([0, 1, 1]);
  expect(validation?.ids?.every((id) => /^(cat|dog)\/\d+\.png$/.test(id))).toBe(true);
  expect(testSet).toBeUndefined();
  expect(normalisation.mean).toEqual([0.485, 0.456, 0.406]);
  const reds = [...(await redsOf(train)), ...(await redsOf(validation as Dataset))];
  expect(new Set(reds).size).toBe(30);
  const again = await imageFolder(folder, { size: 4, seed: 1 });
  const other = await imageFolder(folder, { size: 4, seed: 2 });
  expect(await redsOf(again.train)).toEqual(await redsOf(train));
  expect(await redsOf(other.train)).not.toEqual(await redsOf(train));
});

test('images of mixed size come out in one size, 224 unless told', async () => {
  await putImages('cat', 3);
  await putImages('dog', 3);
  const { train } = await imageFolder(folder);
  const { image } = await train.read(0);
  expect([image.channels, image.height, image.width, image.pixels.length]).toEqual([3, 224, 224, 3 * 224 * 224]);
});

test('train, valid and test folders are taken as they are', async () => {
  for (const split of ['train', 'valid', 'test']) {
    await putImages(`${split}/cat`, 2);
    if (split !== 'test') await putImages(`${split}/dog`, 1);
  }
  await mkdir(join(folder, 'train/.cache'));
  const { train, validation, test: testSet } = await imageFolder(folder, { size: 4 });
  expect([train, validation, testSet].map((split) => labelsOf(split as Dataset))).toEqual([
    [0, 0, 1],
    [0, 0, 1],
    [0, 0],
  ]);
});

test('without a validation folder a part of train is held out only if asked for', async () => {
  await putImages('train/cat', 4);
  await putImages('train/dog', 4);
  expect((await imageFolder(folder)).validation).toBeUndefined();
  const { train, validation } = await imageFolder(folder, { validationFraction: 0.25 });
  expect([train.length, validation?.length]).toEqual([6, 2]);
});

test('a missing folder is told', async () => {
  await expect(imageFolder(join(folder, 'nowhere'))).rejects.toThrow(
    /nowhere: expected a folder of images, but there is no/,
  );
});

test('a single class is told', async () => {
  await putImages('cat', 2);
  await expect(imageFolder(folder)).rejects.toThrow(
    /expected a subfolder for each of two or more classes, but got only `cat`/,
  );
});

test('an empty class is told', async () => {
  await putImages('cat', 2);
  await putImages('dog', 0);
  await writeFile(join(folder, 'dog/notes.txt'), '');
  await expect(imageFolder(folder)).rejects.toThrow(
    /expected images of class `dog`, but there is no JPEG, PNG, WebP, AVIF, GIF or TIFF/,
  );
});

test('a class in val that is not in train is told', async () => {
  for (const path of ['train/cat', 'train/dog', 'val/cat', 'val/dgo']) await putImages(path, 1);
  await expect(imageFolder(folder)).rejects.toThrow(/val: expected only classes that are in train, but got `dgo`/);
});

test('a corrupt image is named when it is read', async () => {
  await putImages('cat', 2);
  await putImages('dog', 1);
  await writeFile(join(folder, 'dog/0.png'), (await sharp(join(folder, 'dog/0.png')).toBuffer()).subarray(0, 50));
  await expect(imageFolder(folder).then(({ train }) => redsOf(train))).rejects.toThrow(
    `${join(folder, 'dog', '0.png')}: the image is corrupt`,
  );
});

test('folders whose names are one in two forms of Unicode are one class, whose samples keep names of their own', async () => {
  await putImages('café'.normalize('NFC'), 2);
  await putImages('café'.normalize('NFD'), 2, 1);
  await putImages('tea', 2);
  const { train, validation, problems = [] } = await imageFolder(folder, { size: 4 });
  expect(train.classes).toEqual(['café', 'tea']);
  const ids = [...(train.ids ?? []), ...(validation?.ids ?? [])];
  expect(new Set(ids).size).toBe(6);
  expect(problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('are one name, written in two ways: they count as one class'),
  ]);
});

const onLinux = test.runIf(process.platform === 'linux');

onLinux('a class whose folder cannot be read is a problem among others, and keeps training away', async () => {
  await putImages('cat', 2);
  await putImages('dog', 0);
  const [bytes, locked] = [Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9)]), join(folder, 'locked')];
  await mkdir(bytes);
  await mkdir(locked, { mode: 0 });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await rm(locked, { recursive: true });
  const { problems } = await findImageFolder(folder);
  expect(problems.map(({ kind, message }) => [kind, message.slice(folder.length + 1)])).toEqual([
    ['unreadable folder', 'caf\uFFFD: its name, or that of a folder that it is in, is not UTF-8'],
    ...(isRoot ? [] : [['unreadable folder', 'locked: the folder cannot be read: permission denied']]),
    ['empty class', expect.stringContaining('dog: expected images')],
  ]);
  await expect(imageFolder(folder)).rejects.toThrow('is not UTF-8; and ');
});

test('data that lies a folder deeper is named', async () => {
  await putImages('photos/cat', 1);
  await putImages('photos/dog', 1);
  const error = await imageFolder(folder).catch((reason) => reason);
  expect(error.hint).toBe(`if ${join(folder, 'photos')} is the data, give that`);
});
