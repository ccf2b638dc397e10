import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { putImageFiles } from '../../tests/image-files.ts';
import { flip } from '../augmentations/index.ts';
import { type Augmentation, imageFolder } from '../data/index.ts';
import { DataError } from '../tensor/index.ts';
import type { BatchesOptions } from './batches.ts';
import { augmentationFrom } from './module-augmentation.ts';
import { Pipeline, type PipelineOptions } from './pipeline.ts';

let folder: string;
let source: BatchesOptions;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-pipeline-'));
  await putImageFiles(join(folder, 'data'), ['a', 'b', 'c'], 9);
  const { train: dataset, normalisation } = await imageFolder(join(folder, 'data'), { size: 8 });
  const augment = [
    await augmentationFrom(new URL('../../tests/crop-augmentation.ts', import.meta.url)),
    await augmentationFrom(new URL('../../tests/thread-augmentation.ts', import.meta.url)),
    flip(),
  ];
  const order = Uint32Array.from({ length: dataset.length }, (_, i) => i);
  source = { dataset, order, batchSize: 4, augment, normalisation, seed: 1, epoch: 2 };
});
afterAll(() => rm(folder, { recursive: true }));

let pipeline: Pipeline;
afterEach(() => pipeline.close());

const start = (options: PipelineOptions) => {
  pipeline = new Pipeline(options);
};

async function collected(options: Partial<BatchesOptions> = {}): Promise<number[][]> {
  const all: number[][] = [];
  for await (const batch of pipeline.batches({ ...source, ...options })) all.push([...batch.images]);
  return all;
}

test('batches depend neither on threads, nor on what is kept, nor on how far ahead they are prepared', async () => {
  start({ workers: 0, cache: 'off' });
  const expected = await collected({ prefetch: 0 });
  expect(new Set(expected.map(String)).size).toBe(expected.length);
  for (const options of [
    { workers: 2, cache: 40_000 },
    { workers: 1, cache: join(folder, 'cache') },
    { workers: 0, cache: join(folder, 'cache') },
  ]) {
    start(options);
    expect(await collected({ epoch: 1 })).not.toEqual(expected);
    for (const prefetch of [0, 1, 5]) expect(await collected({ prefetch }), JSON.stringify(options)).toEqual(expected);
    expect(await collected({ from: 3 })).toEqual(expected.slice(3));
    await pipeline.close();
  }
});

test('memory for pictures is not exceeded, and what is kept needs no file', async () => {
  start({ workers: 1, cache: 1e9 });
  const small = join(folder, 'few');
  await putImageFiles(small, ['a', 'b'], 4);
  const { train: dataset } = await imageFolder(small, { size: 8 });
  const order = Uint32Array.from({ length: dataset.length }, (_, i) => i);
  const before = await collected({ dataset, order });
  await rm(small, { recursive: true });
  expect(await collected({ dataset, order })).toEqual(before);
  start({ workers: 0, cache: 100 });
  await expect(collected({ dataset, order })).rejects.toThrow('no such file');
});

test('a closed pipeline prepares nothing more, and a loop that it was closed in ends', async () => {
  start({ workers: 1, cache: 'off' });
  const loop = pipeline.batches(source);
  await loop.next();
  await pipeline.close();
  await expect(
    (async () => {
      for await (const _ of loop);
    })(),
  ).rejects.toThrow('it was closed while batches were prepared');
  await expect(collected()).rejects.toThrow('it was closed');
});

const apply: Augmentation['apply'] = (sample) => sample;

test('what mixes or repeats samples before a crop changes nothing of what it cuts from', async () => {
  start({ workers: 0, cache: 'off' });
  const [crop] = source.augment as [Augmentation];
  const expected = await collected({ augment: [crop] });
  const none: Augmentation = { name: 'none', options: {}, apply, mix: () => {} };
  const same: Augmentation = { name: 'same', options: {}, apply, reorder: (order) => order };
  for (const augment of [
    [none, crop],
    [same, none, crop],
  ])
    expect(await collected({ augment })).toEqual(expected);
});

test('a dataset of files with a `read` of its own is read by that', async () => {
  start({ workers: 1, cache: 1e9 });
  const { dataset } = source;
  const image = { channels: 3, height: 8, width: 8, pixels: new Uint8Array(192).fill(255) };
  const own = { ...dataset, read: () => ({ image, label: 0 }) };
  const white = await collected({ dataset: own, augment: [], normalisation: { mean: [0, 0, 0], std: [1, 1, 1] } });
  expect(new Set(white.flat())).toEqual(new Set([1]));
});

test('an order or a box that is none is refused by name', async () => {
  start({ workers: 0, cache: 'off' });
  const short: Augmentation = { name: 'short', options: {}, apply, reorder: (order) => order.subarray(1) };
  await expect(collected({ augment: [short] })).rejects.toThrow('from `reorder` of `short`');
  const box = () => ({ top: 0, left: 0, height: 1, width: 1e6 });
  const wide: Augmentation = { name: 'wide', options: {}, apply, crop: { box, interpolation: 'bilinear' } };
  await expect(collected({ augment: [wide] })).rejects.toThrow('expected a box of whole pixels within');
});

test('what an augmentation throws is no matter of the file', async () => {
  start({ workers: 0, cache: 'off' });
  const refuse = () => {
    throw new DataError('not this one');
  };
  const augment: Augmentation[] = [{ name: 'refuse', options: {}, apply: refuse }];
  await expect(collected({ augment, onBadImage: 'replace' })).rejects.toThrow('not this one');
});
