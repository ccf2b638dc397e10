import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCifarFolder } from './cifar.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Records with these label bytes; pixel p of record i is (i + p) mod 256. */
const records = (labels: readonly (readonly number[])[]) =>
  Buffer.concat(
    labels.map((head, i) => Buffer.from([...head, ...Array.from({ length: 3072 }, (_, p) => (i + p) % 256)])),
  );
const put = (name: string, content: Uint8Array | string) => writeFile(join(folder, name), content);

test('CIFAR-10: batches are joined in numeric order and classes take their known names', async () => {
  for (let n = 1; n <= 10; n++) await put(`data_batch_${n}.bin`, records([[n - 1], [0]]));
  await put('test_batch.bin', records([[9]]));
  const { train, test: testSet, normalisation } = await readCifarFolder(folder, { name: 'cifar10' });
  expect(Array.from(train.labels ?? [])).toEqual([0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8, 0, 9, 0]);
  expect(train.classes[9]).toBe('truck');
  expect(testSet).toMatchObject({ name: 'cifar10/test', length: 1 });
  expect(normalisation.mean).toEqual([0.4914, 0.4822, 0.4465]);
  const { image, label } = await train.read(3);
  expect(label).toBe(0);
  expect(image).toMatchObject({ channels: 3, height: 32, width: 32 });
  expect(Array.from(image.pixels.subarray(1024, 1027))).toEqual([1, 2, 3]);
});

test('CIFAR-10: batches.meta.txt names the classes and limits the labels', async () => {
  await put('batches.meta.txt', 'cat\ndog\n\n');
  await put('data_batch_1.bin', records([[0], [1]]));
  expect((await readCifarFolder(folder)).train.classes).toEqual(['cat', 'dog']);
  await put('data_batch_1.bin', records([[0], [2]]));
  await expect(readCifarFolder(folder)).rejects.toThrow(
    /data_batch_1\.bin: expected label bytes from 0 to 1, but record 1 has 2/,
  );
});

test('CIFAR-100: the fine label is used, names are optional', async () => {
  await put(
    'train.bin',
    records([
      [3, 77],
      [19, 99],
    ]),
  );
  const { train, test: testSet } = await readCifarFolder(folder);
  expect(Array.from(train.labels ?? [])).toEqual([77, 99]);
  expect(train.classes).toHaveLength(100);
  expect(train.classes[77]).toBe('class 77');
  expect(testSet).toBeUndefined();
  await put('train.bin', records([[20, 77]]));
  await expect(readCifarFolder(folder)).rejects.toThrow(/expected label bytes from 0 to 19, but record 0 has 20/);
});

test('a file that is cut off is named, with what is left over', async () => {
  await put('data_batch_1.bin', records([[0], [1]]).subarray(0, 5000));
  await expect(readCifarFolder(folder)).rejects.toThrow(
    /data_batch_1\.bin: expected whole records of 3073 bytes, but got 5000 bytes: 1 records and 1927 bytes/,
  );
});

test('a file cut off between two records is found by comparing it with the others', async () => {
  await put('data_batch_1.bin', records([[0], [1]]));
  await put('data_batch_2.bin', records([[0]]));
  await expect(readCifarFolder(folder)).rejects.toThrow(
    /data_batch_2\.bin: expected as many records as .*, 2, but got 1/,
  );
});

test('a missing batch is told', async () => {
  await put('data_batch_1.bin', records([[0]]));
  await put('data_batch_3.bin', records([[0]]));
  await expect(readCifarFolder(folder)).rejects.toThrow(/expected data_batch_2\.bin, but there is data_batch_3\.bin/);
});

test('a folder of something else is told', async () => {
  await expect(readCifarFolder(folder)).rejects.toThrow(/expected data_batch_1 \(CIFAR-10\) or train and meta/);
});
