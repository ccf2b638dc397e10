import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { DataError } from '../tensor/index.ts';
import { loadData } from './load-data.ts';
import { datasetNames } from './named-datasets.ts';

const sample = fileURLToPath(new URL('../../data/fashion-mnist', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-'));
});
afterEach(() => rm(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

const cifarRecord = (label: number) => Buffer.concat([Buffer.of(label), Buffer.alloc(3072, label)]);

describe('by name', () => {
  test('cifar10 is found in SKEIN_DATA', async () => {
    vi.stubEnv('SKEIN_DATA', folder);
    await mkdir(join(folder, 'cifar-10-batches-bin'));
    await writeFile(join(folder, 'cifar-10-batches-bin/data_batch_1.bin'), cifarRecord(3));
    const { train } = await loadData('cifar10');
    expect(train).toMatchObject({ name: 'cifar10/train', length: 1 });
  });

  test('a known dataset that is not there says where it was looked for and how to get it', async () => {
    vi.stubEnv('SKEIN_DATA', folder);
    const error: DataError = await loadData('cifar100').catch((reason) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(`\`cifar100\` was not found; looked in ${join(folder, 'cifar-100-binary')}, `);
    expect(error.hint).toMatch(/cifar-100-binary\.tar\.gz/);
  });

  test('FASHION_MNIST names the one folder to look in', async () => {
    vi.stubEnv('FASHION_MNIST', join(folder, 'nowhere'));
    await expect(loadData('fashion-mnist')).rejects.toThrow(`looked in ${join(folder, 'nowhere')}`);
  });

  test('the shipped sample, found as a data folder, does not pass for the whole of Fashion-MNIST', async () => {
    vi.stubEnv('FASHION_MNIST', '');
    vi.stubEnv('SKEIN_DATA', dirname(sample));
    const length = await loadData('fashion-mnist').then(
      ({ train }) => train.length,
      (error: DataError) => error.code,
    );
    expect([60000, 'DATA']).toContain(length);
  });

  test('a misspelt name gets a suggestion, another one the list of what is understood', async () => {
    const near: DataError = await loadData('cifar-10').catch((reason) => reason);
    expect(near.message).toBe('unknown dataset `cifar-10`: neither a name nor a folder or file; did you mean cifar10?');
    const far: DataError = await loadData('imagenet').catch((reason) => reason);
    expect(far.message).toBe('unknown dataset `imagenet`: neither a name nor a folder or file');
    for (const name of datasetNames) expect(far.hint).toContain(name);
  });
});

describe('by path', () => {
  test('an idx folder and an idx file are told by their names', async () => {
    await cp(sample, folder, { recursive: true });
    const { train, test: testSet, normalisation } = await loadData(folder);
    expect([train.length, testSet?.length, train.classes[9]]).toEqual([6000, 1000, 'Ankle boot']);
    expect(normalisation.mean[0]).toBeCloseTo(0.286, 2);
    expect(normalisation.std[0]).toBeCloseTo(0.353, 2);
    expect((await loadData(join(folder, 't10k-images-idx3-ubyte.gz'))).train.length).toBe(1000);
  });

  test('a CIFAR folder is told by its files, and a part is held out if asked for', async () => {
    await writeFile(join(folder, 'data_batch_1.bin'), Buffer.concat([0, 0, 0, 0, 1, 1, 1, 1].map(cifarRecord)));
    expect((await loadData(folder)).validation).toBeUndefined();
    const { train, validation } = await loadData(folder, { validationFraction: 0.25 });
    expect([train.labels, validation?.labels]).toEqual([Int32Array.of(0, 0, 0, 1, 1, 1), Int32Array.of(0, 1)]);
    await expect(loadData(join(folder, 'data_batch_1.bin'))).rejects.toThrow(/expected the folder of a CIFAR dataset/);
  });

  test('where an archive was unpacked, the dataset is one folder deeper', async () => {
    for (const [name, files] of [
      ['cifar-10-batches-py', ['data_batch_1', 'batches.meta']],
      ['raw', ['train-images-idx3-ubyte.gz']],
    ] as const) {
      const inside = join(folder, name, name);
      await mkdir(inside, { recursive: true });
      for (const file of files) await writeFile(join(inside, file), '');
      await expect(loadData(join(folder, name))).rejects.toMatchObject({
        message: `${join(folder, name)}: expected a dataset, but it is one folder deeper, in ${inside}`,
        hint: `give ${inside} as the data`,
      });
    }
  });

  test('an image in place of its folder is told', async () => {
    const path = join(folder, 'cat.JPG');
    await writeFile(path, '');
    await expect(loadData(path)).rejects.toMatchObject({
      message: `${path}: expected a dataset, but this is an image`,
      hint: expect.stringContaining('give the folder'),
    });
  });

  test('class subfolders are read as images of the size asked for', async () => {
    for (const name of ['cat', 'dog']) {
      await mkdir(join(folder, name));
      const image = sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } });
      for (const file of ['1.png', '2.jpg', '3.webp']) await image.toFile(join(folder, name, file));
    }
    const { train, validation } = await loadData(folder, { size: 6 });
    expect([train.length, validation?.length]).toEqual([4, 2]);
    expect((await train.read(0)).image).toMatchObject({ channels: 3, height: 6, width: 6 });
  });

  test('an empty folder and a file that no reader knows are told', async () => {
    await expect(loadData(folder)).rejects.toThrow(/expected a dataset, but got an empty folder/);
    await writeFile(join(folder, 'notes.txt'), 'hello');
    await expect(loadData(folder)).rejects.toThrow(/neither subfolders nor known files/);
    await expect(loadData(join(folder, 'notes.txt'))).rejects.toThrow(/no reader knows this file/);
  });
});
