import { expect, test } from 'vitest';
import { type Dataset, memoryDataset } from '../data/index.ts';
import { DataError } from '../tensor/index.ts';
import type { Batch } from './batch.ts';
import { type BatchesOptions, batches } from './batches.ts';

const normalisation = { mean: [0], std: [1 / 255] };

/** Images of one pixel, whose level is the index plus 1, and of which some cannot be read. */
function levels(length: number, bad: readonly number[], isLate = false): Dataset {
  const whole = memoryDataset({
    name: 'levels',
    classes: ['even', 'odd'],
    channels: 1,
    height: 1,
    width: 1,
    pixels: Uint8Array.from({ length }, (_, i) => i + 1),
    labels: Uint8Array.from({ length }, (_, i) => i % 2),
  });
  const read = (index: number) => {
    if (bad.includes(index)) throw new DataError(`${index}.raw: it is broken`, 'repair it');
    return whole.read(index);
  };
  return { ...whole, read: isLate ? async (index) => read(index) : read };
}

async function collect(options: Omit<BatchesOptions, 'normalisation'>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches({ ...options, normalisation })) all.push(batch);
  return all;
}
const identity = (length: number) => Uint32Array.from({ length }, (_, i) => i);

test('an image that cannot be read ends it with its own error, unless something else is asked for', async () => {
  for (const isLate of [false, true])
    await expect(collect({ dataset: levels(4, [2], isLate), order: identity(4), batchSize: 2 })).rejects.toThrow(
      '2.raw: it is broken',
    );
});

test.each([false, true])(
  'the next good image of the batch takes its place, with its label (late: %s)',
  async (isLate) => {
    const dataset = levels(6, [1, 2, 5], isLate);
    const [first, second] = await collect({ dataset, order: identity(6), batchSize: 3, onBadImage: 'replace' });
    expect(first?.images).toEqual(Float32Array.of(1, 1, 1));
    expect(first?.labels).toEqual(Int32Array.of(0, 0, 0));
    expect(first?.count).toBe(3);
    expect(first?.bad).toEqual([
      { index: 1, path: 'sample 1', message: '1.raw: it is broken' },
      { index: 2, path: 'sample 2', message: '2.raw: it is broken' },
    ]);
    expect(second?.images).toEqual(Float32Array.of(4, 5, 4));
    expect(second?.labels).toEqual(Int32Array.of(1, 0, 1));
  },
);

test('it is left out, and those behind it move up', async () => {
  const dataset = { ...levels(5, [0, 2]), ids: ['a', 'b', 'c', 'd', 'e'] };
  const [first, last] = await collect({ dataset, order: identity(5), batchSize: 3, onBadImage: 'leave out' });
  expect(first).toMatchObject({ count: 1, weights: Float32Array.of(1, 0, 0) });
  expect(first?.images).toEqual(Float32Array.of(2, 0, 0));
  expect(first?.labels[0]).toBe(1);
  expect(first?.bad?.map(({ path }) => path)).toEqual(['a', 'c']);
  // what only fills up the last batch was told with the first
  expect(last).toMatchObject({ count: 2, weights: Float32Array.of(1, 1, 0) });
  expect(last?.bad).toBeUndefined();
});

test('a batch of which none can be read is an error in training, and empty where images are left out', async () => {
  const source = { dataset: levels(6, [2, 3]), order: identity(6), batchSize: 2 };
  await expect(collect({ ...source, onBadImage: 'replace' })).rejects.toThrow(
    'expected at least one image of each batch to be readable, but of 2 none is: 2.raw',
  );
  const left = await collect({ ...source, onBadImage: 'leave out' });
  expect(left.map(({ count }) => count)).toEqual([2, 0, 2]);
});

test('other errors than of data always end it', async () => {
  const whole = levels(3, []);
  const dataset: Dataset = {
    ...whole,
    read: (index) => {
      if (index === 1) throw new TypeError('a mistake in the code');
      return whole.read(index);
    },
  };
  const options = { dataset, order: identity(3), batchSize: 3, onBadImage: 'replace' } as const;
  await expect(collect(options)).rejects.toThrow('a mistake in the code');
});
