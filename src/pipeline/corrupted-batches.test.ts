import { expect, test } from 'vitest';
import { type Corruption, corruptionsOf, defineCorruption, fog } from '../corruptions/index.ts';
import { type Dataset, memoryDataset } from '../data/index.ts';
import { DataError } from '../tensor/index.ts';
import { type CorruptedBatchesOptions, corruptedBatches } from './corrupted-batches.ts';

const side = 12;
const dataset = memoryDataset({
  name: 'five',
  classes: ['a', 'b'],
  channels: 3,
  height: side,
  width: side,
  pixels: Uint8Array.from({ length: 5 * 3 * side * side }, (_, i) => (i * 37 + Math.floor(i / side) * 11) % 256),
  labels: Uint8Array.from({ length: 5 }, (_, i) => i % 2),
});

/** Normalised so that a number is a level. */
const levels = { mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255] };
const size = 3 * side * side;

/** The levels of each image under each corruption, by the image's name. */
async function corrupted(
  corruptions: readonly Corruption[],
  options: Partial<CorruptedBatchesOptions> = {},
): Promise<Map<string, number[]>> {
  const of = options.dataset ?? dataset;
  const batchSize = options.batchSize ?? 2;
  const found = new Map<string, number[]>();
  const rows = corruptions.map(() => 0);
  const image = { channels: 3, height: side, width: side };
  const usual = {
    dataset,
    batchSize: 2,
    image,
    normalisation: levels,
    seed: 0,
    workers: 0,
    onBadImage: 'stop',
  } as const;
  for await (const { corruption, images, labels } of corruptedBatches({ ...usual, corruptions, ...options }))
    for (let row = 0; row < Math.min(batchSize, labels.length); row++) {
      const at = rows[corruption] as number;
      const { name, options: own } = corruptions[corruption] as Corruption;
      found.set(
        `${name} ${own.severity}, ${of.ids?.[at] ?? at}, ${labels[row]}`,
        [...images.subarray(row * size, (row + 1) * size)].map(Math.round),
      );
      rows[corruption] = at + 1;
    }
  return found;
}

test('every image goes through every corruption, whatever the threads and the batches', async () => {
  const corruptions = corruptionsOf('all', [4]);
  const [alone, threads, batches] = [
    await corrupted(corruptions),
    await corrupted(corruptions, { workers: 2 }),
    await corrupted(corruptions, { batchSize: 3 }),
  ];
  expect(alone.size).toBe(5 * corruptions.length);
  expect(threads).toEqual(alone);
  expect(batches).toEqual(alone);
});

test('what is random goes by the name of an image, not by its place, and by the seed', async () => {
  const { ids: _, ...plain } = dataset as Dataset;
  const names = ['v', 'w', 'x', 'y', 'z'];
  const named: Dataset = { ...plain, ids: names };
  const turned: Dataset = {
    ...plain,
    ids: [...names].reverse(),
    labels: [...(dataset.labels as Uint8Array)].reverse(),
    read: (index) => dataset.read(4 - index),
  };
  const corruptions = corruptionsOf('noise,elastic', [2]);
  const first = await corrupted(corruptions, { dataset: named });
  expect(new Map([...(await corrupted(corruptions, { dataset: turned }))].sort())).toEqual(new Map([...first].sort()));
  expect(await corrupted(corruptions, { dataset: named, seed: 1 })).not.toEqual(first);
});

test('a corruption of one’s own runs where it was made', async () => {
  const five = [5, 5, 5, 5, 5] as const;
  const invert = defineCorruption({
    name: 'invert',
    about: 'inverts',
    category: 'digital',
    large: five,
    small: five,
    apply: (image) => ({ ...image, pixels: image.pixels.map((level) => 255 - level) }),
  });
  const found = await corrupted([invert()], { workers: 1 });
  expect(found.get('invert 3, 0, 0')).toEqual([...(await dataset.read(0)).image.pixels].map((level) => 255 - level));
});

test('an image that cannot be read is an error, or left out', async () => {
  const broken: Dataset = {
    ...dataset,
    read: (index) => {
      if (index === 2 || index === 3) throw new DataError('it is broken');
      return dataset.read(index);
    },
  };
  await expect(corrupted([fog()], { dataset: broken })).rejects.toThrow('it is broken');
  expect((await corrupted([fog()], { dataset: broken, onBadImage: 'skip' })).size).toBe(3);
});

test('an image of another size is named', async () => {
  const image = { channels: 3, height: 8, width: 8 };
  await expect(corrupted([fog()], { image })).rejects.toThrow(
    'expected all images to be [3, 8, 8], but 0 is [3, 12, 12]',
  );
});
