import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dataset } from './dataset.ts';
import { memoryDataset } from './memory-dataset.ts';
import { splitTrainValidation } from './split-train-validation.ts';
import { subset } from './subset.ts';

/** One-pixel images; the pixel is the index modulo 256. */
const dataset = (labels: readonly number[], classes = 3): Dataset =>
  memoryDataset({
    name: 'tiny/train',
    classes: Array.from({ length: classes }, (_, i) => `class ${i}`),
    channels: 1,
    height: 1,
    width: 1,
    pixels: Uint8Array.from(labels.keys()),
    labels,
  });
const pixelsOf = async ({ length, read }: Dataset) =>
  Promise.all(Array.from({ length }, async (_, i) => (await read(i)).image.pixels[0] as number));
const countsOf = ({ classes, labels = [] }: Dataset) =>
  classes.map((_, label) => Array.from(labels).filter((other) => other === label).length);

describe('splitTrainValidation', () => {
  test('gives every sample to one part, every class its share to within one sample, and exactly the count', async () => {
    const cases = fc.array(fc.nat(2), { minLength: 6, maxLength: 120 }).chain((labels) =>
      fc.record({
        labels: fc.constant(labels),
        count: fc.integer({ min: 1, max: labels.length >> 1 }),
        seed: fc.nat(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ labels, count, seed }) => {
        const source = dataset(labels);
        fc.pre(labels.length - count >= 3 * 2);
        const { train, validation } = await splitTrainValidation(source, { count, seed });
        expect(validation.length).toBe(count);
        const together = [...(await pixelsOf(train)), ...(await pixelsOf(validation))].sort((a, b) => a - b);
        expect(together).toEqual([...labels.keys()]);
        const sizes = countsOf(source);
        for (const [label, share] of countsOf(validation).entries()) {
          const size = sizes[label] as number;
          if (size > 0) expect(share).toBeLessThan(size);
          expect(Math.abs(share - (size * count) / labels.length)).toBeLessThanOrEqual(1 + 1e-9);
        }
      }),
    );
  });

  test('is stratified exactly where the numbers allow it, and depends on the seed alone', async () => {
    const source = dataset(
      Array.from({ length: 200 }, (_, i) => (i % 4 === 0 ? 0 : 1)),
      2,
    );
    const { train, validation } = await splitTrainValidation(source, { fraction: 0.1, seed: 5 });
    expect([countsOf(train), countsOf(validation)]).toEqual([
      [45, 135],
      [5, 15],
    ]);
    expect([train.name, validation.name]).toEqual(['tiny/train', 'tiny/validation']);
    const again = await splitTrainValidation(source, { fraction: 0.1, seed: 5 });
    const other = await splitTrainValidation(source, { fraction: 0.1, seed: 6 });
    expect(await pixelsOf(again.validation)).toEqual(await pixelsOf(validation));
    expect(await pixelsOf(other.validation)).not.toEqual(await pixelsOf(validation));
  });

  test('one sample of every class stays in train, however much is held out', async () => {
    const { train, validation } = await splitTrainValidation(dataset([0, 1, 1, 2, 2, 2, 2, 2]), { count: 5 });
    expect([countsOf(train), countsOf(validation)]).toEqual([
      [1, 1, 1],
      [0, 1, 4],
    ]);
  });

  test('reads the samples where the dataset has no labels', async () => {
    const { name, classes, length, read } = dataset([0, 0, 1, 1]);
    const bare: Dataset = { name, classes, length, read: async (index) => read(index) };
    const { validation } = await splitTrainValidation(bare, { count: 2 });
    expect([(await validation.read(0)).label, (await validation.read(1)).label]).toEqual([0, 1]);
  });

  test('refuses to leave nothing for one of the parts', async () => {
    const source = dataset([0, 0, 1, 1]);
    await expect(splitTrainValidation(source, { fraction: 1 })).rejects.toThrow(/`fraction` must be between 0 and 1/);
    await expect(splitTrainValidation(source, { count: 3 })).rejects.toThrow(/expected from 1 to 2 .* `count` is 3/);
    await expect(splitTrainValidation(dataset([0, 1, 2]), { fraction: 0.1 })).rejects.toThrow(
      /none of them of the same/,
    );
  });

  test('by a fraction every class that can spare one gives one, and never all', async () => {
    // 20 classes of 4, one of 1, one of 2
    const labels = [...Array.from({ length: 80 }, (_, i) => i % 20), 20, 21, 21];
    for (const seed of [0, 1, 2]) {
      const { train, validation } = await splitTrainValidation(dataset(labels, 22), { fraction: 0.1, seed });
      expect(countsOf(validation)).toEqual([...Array.from({ length: 20 }, () => 1), 0, 1]);
      expect(countsOf(train)).toEqual([...Array.from({ length: 20 }, () => 3), 1, 1]);
    }
    const { train } = await splitTrainValidation(dataset([0, 0, 1, 1, 1], 2), { fraction: 0.9 });
    expect(countsOf(train)).toEqual([1, 1]);
  });

  test('an added sample moves at most one other, in its class, wherever it comes in the order', async () => {
    const named = (ids: readonly string[]): Dataset => ({
      ...dataset(
        ids.map((id) => (id.startsWith('cat') ? 0 : 1)),
        2,
      ),
      ids,
    });
    const ids = Array.from({ length: 60 }, (_, i) => `${i % 2 ? 'cat' : 'dog'}/${i}.png`);
    const heldOf = async (all: readonly string[], fraction: number) =>
      new Set((await splitTrainValidation(named(all), { fraction, seed: 3 })).validation.ids);
    for (const fraction of [0.1, 0.25, 0.5]) {
      const before = await heldOf(ids, fraction);
      for (let at = 0; at <= ids.length; at += 7) {
        const added = `cat/${at}-new.png`;
        const after = await heldOf([...ids.slice(0, at), added, ...ids.slice(at)], fraction);
        const moved = [...new Set([...before, ...after])].filter((id) => before.has(id) !== after.has(id));
        // one may come in and push another out
        expect(moved.length).toBeLessThanOrEqual(2);
        expect(moved.every((id) => id.startsWith('cat'))).toBe(true);
        expect(moved.filter((id) => id !== added).length).toBeLessThanOrEqual(1);
      }
    }
  });
});

describe('subset', () => {
  test('gives the samples at the indices, with their labels', async () => {
    const part = subset(dataset([0, 1, 2]), [2, 0, 2], 'part');
    expect(part).toMatchObject({ name: 'part', length: 3, labels: Int32Array.of(2, 0, 2) });
    expect(await pixelsOf(part)).toEqual([2, 0, 2]);
  });

  test('refuses an index that is not there', () => {
    expect(() => subset(dataset([0, 1]), [0, -1])).toThrow(/from 0 to 1, but entry 1 is -1/);
    expect(() => subset(dataset([0, 1]), [2])).toThrow(/entry 0 is 2/);
  });
});
