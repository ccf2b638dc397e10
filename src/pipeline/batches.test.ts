import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { flip, padCrop } from '../augmentations/index.ts';
import { type Augmentation, type Dataset, memoryDataset, type Normalisation, shuffledOrder } from '../data/index.ts';
import { ConfigError, DataError, Random } from '../tensor/index.ts';
import type { Batch } from './batch.ts';
import { type BatchesOptions, batches } from './batches.ts';

const normalisation: Normalisation = { mean: [0.5, 0.25], std: [0.5, 2] };

/** Random 2-channel images of 3×4; the label is the index modulo 3. */
function dataset(length: number): Dataset {
  const random = new Random(7);
  return memoryDataset({
    name: 'noise',
    classes: ['a', 'b', 'c'],
    channels: 2,
    height: 3,
    width: 4,
    pixels: Uint8Array.from({ length: length * 24 }, () => random.integer(256)),
    labels: Uint8Array.from({ length }, (_, i) => i % 3),
  });
}
/** The same samples, arriving later, out of order. */
function slow(source: Dataset): Dataset {
  const turns = (count: number): Promise<void> =>
    new Promise((done) => setImmediate(done)).then(() => (count > 0 ? turns(count - 1) : undefined));
  return { ...source, read: (index) => turns((index * 7) % 5).then(() => source.read(index)) };
}
async function collect(options: BatchesOptions): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches(options)) all.push(batch);
  return all;
}
const identity = (length: number) => Uint32Array.from({ length }, (_, i) => i);
const augment = [padCrop({ pad: 1 }), flip()];

describe('a batch', () => {
  test('holds (pixel / 255 - mean) / std in the order asked for', async () => {
    const source = dataset(5);
    const [first, second] = await collect({ dataset: source, order: [4, 0, 2, 1], batchSize: 2, normalisation });
    expect(first).toMatchObject({ index: 0, count: 2, labels: Int32Array.of(1, 0), weights: Float32Array.of(1, 1) });
    expect(second).toMatchObject({ index: 1, count: 2, labels: Int32Array.of(2, 1) });
    const { pixels } = (await source.read(4)).image;
    const expected = Float32Array.from(pixels, (p, i) => (i < 12 ? (p / 255 - 0.5) / 0.5 : (p / 255 - 0.25) / 2));
    expect(first?.images.subarray(0, 24)).toEqual(expected);
    expect(first?.images).toHaveLength(48);
  });

  test('that comes last is filled up with samples of the epoch at weight 0', async () => {
    const all = await collect({ dataset: dataset(5), order: [4, 3, 2, 1, 0], batchSize: 4, normalisation });
    expect(all.map(({ count }) => count)).toEqual([4, 1]);
    const [first, last] = all as [Batch, Batch];
    expect(last.weights).toEqual(Float32Array.of(1, 0, 0, 0));
    expect(last.labels.subarray(1)).toEqual(first.labels.subarray(0, 3));
    expect(last.images.subarray(24)).toEqual(first.images.subarray(0, 72));
  });

  test('may be larger than the whole dataset', async () => {
    const [only, ...more] = await collect({ dataset: dataset(2), order: [0, 1], batchSize: 5, normalisation });
    expect(more).toEqual([]);
    expect(only).toMatchObject({ count: 2, labels: Int32Array.of(0, 1, 0, 1, 0) });
  });

  test('depends on neither prefetch, nor the kind of reading, nor the batch it was resumed from', async () => {
    const source = dataset(23);
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          batchSize: fc.integer({ min: 1, max: 30 }),
          prefetch: fc.integer({ min: 0, max: 4 }),
          from: fc.nat(5),
          epoch: fc.nat(3),
          asynchronous: fc.boolean(),
        }),
        async ({ prefetch, from, asynchronous, batchSize, epoch }) => {
          const order = shuffledOrder(23, 3, epoch);
          const same = { order, augment, normalisation, seed: 3, epoch, batchSize };
          const whole = await collect({ ...same, dataset: source, prefetch: 0 });
          const part = await collect({ ...same, dataset: asynchronous ? slow(source) : source, prefetch, from });
          expect(part).toEqual(whole.slice(from));
        },
      ),
      { numRuns: 40 },
    );
  });

  test('augments a sample by seed, epoch and its index alone', async () => {
    const source = dataset(12);
    const images = async (order: ArrayLike<number>, batchSize: number, epoch: number) => {
      const byIndex: Float32Array[] = [];
      for (const batch of await collect({ dataset: source, order, batchSize, augment, normalisation, seed: 1, epoch }))
        for (let row = 0; row < batch.count; row++)
          byIndex[order[batch.index * batchSize + row] as number] = batch.images.slice(row * 24, (row + 1) * 24);
      return byIndex;
    };
    const straight = await images(identity(12), 4, 0);
    expect(await images(shuffledOrder(12, 9, 9), 5, 0)).toEqual(straight);
    expect(await images(identity(12), 4, 1)).not.toEqual(straight);

    const [sample, random] = [await source.read(2), new Random(1).fork('augment').fork(0).fork(2)];
    const { pixels } = augment.reduce((s, a) => a.apply(s, random.fork(a.name)), sample).image;
    const plain = { name: 'one', classes: source.classes, channels: 2, height: 3, width: 4, pixels, labels: [0] };
    const [batch] = await collect({ dataset: memoryDataset(plain), order: [0], batchSize: 1, normalisation });
    expect(straight[2]).toEqual(batch?.images);
  });

  test('draws as earlier versions did where a run of theirs goes on: one augmentation after the other from one stream', async () => {
    const source = dataset(3);
    const options = { dataset: source, batchSize: 1, order: [2], augment, normalisation, seed: 1 };
    const [shared] = await collect({ ...options, draws: 'shared' });
    const random = new Random(1).fork('augment').fork(0).fork(2);
    const { pixels } = augment.reduce((s, a) => a.apply(s, random), await source.read(2)).image;
    const plain = { name: 'one', classes: source.classes, channels: 2, height: 3, width: 4, pixels, labels: [0] };
    const [batch] = await collect({ dataset: memoryDataset(plain), order: [0], batchSize: 1, normalisation });
    expect(shared?.images).toEqual(batch?.images);
  });
});

describe('iterating', () => {
  test('prepares the next batches while the consumer is busy, and no more than asked', async () => {
    const reads: number[] = [];
    const source = dataset(20);
    const watched: Dataset = {
      ...source,
      read(index) {
        reads.push(index);
        return source.read(index);
      },
    };
    const loop = batches({ dataset: watched, order: identity(20), batchSize: 2, normalisation, prefetch: 3 });
    await loop.next();
    for (let turn = 0; turn < 5; turn++) await new Promise((done) => setImmediate(done));
    expect(Math.max(...reads)).toBe(7);
    await loop.return();
  });

  test('leaving early waits for reads under way and begins no others', async () => {
    let [begun, ended] = [0, 0];
    const source = slow(dataset(100));
    const watched: Dataset = {
      ...source,
      async read(index) {
        begun++;
        const sample = await source.read(index);
        ended++;
        return sample;
      },
    };
    for await (const batch of batches({ dataset: watched, order: identity(100), batchSize: 10, normalisation })) {
      if (batch.index === 1) break;
    }
    expect(begun).toBe(ended);
    const before = begun;
    for (let turn = 0; turn < 20; turn++) await new Promise((done) => setImmediate(done));
    expect(begun).toBe(before);
    expect(begun).toBeLessThan(60);
  });

  test('leaving early does not prepare batches that were only planned', async () => {
    let reads = 0;
    const source = dataset(100);
    const watched: Dataset = {
      ...source,
      read(index) {
        reads++;
        return source.read(index);
      },
    };
    const loop = batches({ dataset: watched, order: identity(100), batchSize: 10, normalisation, prefetch: 8 });
    await loop.next();
    const before = reads;
    await loop.return();
    expect(reads).toBe(before);
    expect(reads).toBeLessThan(90);
  });

  test('an error of read comes out at its batch, whether thrown or rejected', async () => {
    const source = dataset(10);
    const broken = (fail: (index: number) => Promise<never>): Dataset => ({
      ...source,
      read: (index) => (index === 5 ? fail(index) : source.read(index)),
    });
    const rejecting = broken((index) => Promise.reject(new DataError(`sample ${index} is corrupt`)));
    const throwing = broken((index) => {
      throw new DataError(`sample ${index} is corrupt`);
    });
    for (const failing of [rejecting, throwing]) {
      const seen: number[] = [];
      const run = async () => {
        for await (const { index } of batches({ dataset: failing, order: identity(10), batchSize: 2, normalisation }))
          seen.push(index);
      };
      await expect(run()).rejects.toThrow('sample 5 is corrupt');
      expect(seen).toEqual([0, 1]);
    }
  });

  test('samples of another size or with a label out of range are named', async () => {
    const source = dataset(4);
    const change = (read: Dataset['read']) => ({
      dataset: { ...source, read },
      order: identity(4),
      batchSize: 2,
      normalisation,
    });
    const image = { channels: 2, height: 3, width: 5, pixels: new Uint8Array(30) };
    await expect(collect(change((i) => (i === 3 ? { image, label: 0 } : source.read(i))))).rejects.toThrow(
      /expected all samples to be \[2, 3, 4\] as sample 0, but sample 3 is \[2, 3, 5\]/,
    );
    await expect(collect(change(async (i) => ({ ...(await source.read(i)), label: i === 2 ? 3 : 0 })))).rejects.toThrow(
      /expected labels from 0 to 2, but sample 2 has 3/,
    );
  });

  test('an augmentation may change the size, as long as it does so for all', async () => {
    const cropped: Augmentation = {
      name: 'corner',
      options: {},
      apply: ({ label }) => ({ label, image: { channels: 2, height: 1, width: 1, pixels: Uint8Array.of(0, 255) } }),
    };
    const [batch] = await collect({ dataset: dataset(3), order: [0], batchSize: 1, normalisation, augment: [cropped] });
    expect(batch?.images).toEqual(Float32Array.of(-1, 0.375));
  });

  test('an augmentation that changes the size of some is named, with what it made', async () => {
    const wider: Augmentation = {
      name: 'wider',
      options: {},
      apply: ({ label, image }, random) => {
        if (random.uniform() < 0.7) return { label, image };
        return { label, image: { channels: 2, height: 3, width: 6, pixels: new Uint8Array(36) } };
      },
    };
    const short: Augmentation = {
      name: 'short',
      options: {},
      apply: ({ label, image }) => ({ label, image: { ...image, pixels: image.pixels.subarray(1) } }),
    };
    const image = { channels: 2, height: 3, width: 4 };
    const run = (...augment: Augmentation[]) =>
      collect({ dataset: dataset(40), order: identity(40), batchSize: 8, normalisation, augment, image });
    await expect(run(flip(), wider)).rejects.toThrow(
      /expected all samples to be \[2, 3, 4\], but sample \d+ is \[2, 3, 6\] \(dataset `noise`\): the augmentation `wider` makes \[2, 3, 6\] of \[2, 3, 4\]$/,
    );
    await expect(run(short)).rejects.toThrow('`short` makes [2, 3, 4] with 23 bytes of [2, 3, 4]');
    // what one adds another takes away
    const back: Augmentation = {
      ...wider,
      name: 'back',
      apply: ({ label }) => ({ label, image: { ...image, pixels: new Uint8Array(24) } }),
    };
    expect(await run(wider, back)).toHaveLength(5);
  });

  test('options out of range are refused at once', () => {
    const good = { dataset: dataset(4), order: identity(4), batchSize: 2, normalisation };
    expect(() => batches({ ...good, batchSize: 0 })).toThrow(/`batchSize` must be an integer of at least 1, but is 0/);
    expect(() => batches({ ...good, from: -1 })).toThrow(ConfigError);
    expect(() => batches({ ...good, prefetch: 0.5 })).toThrow(ConfigError);
    expect(() => batches({ ...good, order: [0, 4] })).toThrow(/indices from 0 to 3, but entry 1 is 4/);
  });

  test('a normalisation for another number of channels is refused', async () => {
    const grey = { mean: [0.5], std: [0.5] };
    const run = collect({ dataset: dataset(2), order: [0], batchSize: 1, normalisation: grey });
    await expect(run).rejects.toThrow(/images have 2 channel\(s\), but there are 1 mean\(s\) and 1 std\(s\)/);
  });

  test('an empty order or a start past the end gives nothing', async () => {
    expect(await collect({ dataset: dataset(2), order: [], batchSize: 1, normalisation })).toEqual([]);
    expect(await collect({ dataset: dataset(2), order: [0, 1], batchSize: 2, from: 1, normalisation })).toEqual([]);
  });
});
