import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DataError } from '../tensor/index.ts';
import { readIdxFile, readIdxFolder } from './idx.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-'));
});
afterEach(() => rm(folder, { recursive: true }));

function idx(magic: number, extents: readonly number[], content: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * extents.length + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  for (const [i, extent] of extents.entries()) view.setUint32(4 + 4 * i, extent);
  bytes.set(content, 4 + 4 * extents.length);
  return bytes;
}
const imagesOf = (count: number, height: number, width: number) =>
  idx(
    0x803,
    [count, height, width],
    Uint8Array.from({ length: count * height * width }, (_, i) => i),
  );
const labelsOf = (...labels: number[]) => idx(0x801, [labels.length], labels);
const put = (name: string, bytes: Uint8Array) => writeFile(join(folder, name), bytes);

async function putTrain(images: Uint8Array, labels: Uint8Array, suffix = ''): Promise<void> {
  await put(`train-images-idx3-ubyte${suffix}`, images);
  await put(`train-labels-idx1-ubyte${suffix}`, labels);
}
/** The error of reading the folder. */
const failure = () =>
  readIdxFolder(folder).then(
    () => expect.fail('expected an error'),
    (error: DataError) => {
      expect(error).toBeInstanceOf(DataError);
      return error;
    },
  );

describe('readIdxFolder', () => {
  test('reads what was written, gzipped or not', async () => {
    const content = fc.integer({ min: 1, max: 5 }).chain((count) =>
      fc.record({
        height: fc.integer({ min: 1, max: 4 }),
        width: fc.integer({ min: 1, max: 4 }),
        labels: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: count, maxLength: count }),
        seed: fc.nat(255),
        gzipped: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(content, async ({ height, width, labels, seed, gzipped }) => {
        const pixels = Uint8Array.from({ length: labels.length * height * width }, (_, i) => i * 31 + seed);
        const own = await mkdtemp(join(folder, 'case-'));
        const write = (name: string, bytes: Uint8Array) =>
          writeFile(join(own, gzipped ? `${name}.gz` : name), gzipped ? gzipSync(bytes) : bytes);
        await write('train-images-idx3-ubyte', idx(0x803, [labels.length, height, width], pixels));
        await write('train-labels-idx1-ubyte', labelsOf(...labels));
        const { train } = await readIdxFolder(own);
        const samples = await Promise.all(labels.map(async (_, i) => train.read(i)));
        expect(samples.map(({ label }) => label)).toEqual(labels);
        expect(Buffer.concat(samples.map(({ image }) => image.pixels))).toEqual(Buffer.from(pixels));
        expect(samples[0]?.image).toMatchObject({ channels: 1, height, width });
      }),
      { numRuns: 30 },
    );
  });

  test('reads the test set too, names classes from classes.txt, and measures the normalisation on train', async () => {
    await putTrain(idx(0x803, [2, 1, 2], [0, 255, 0, 255]), labelsOf(0, 1));
    await put('t10k-images-idx3-ubyte', idx(0x803, [1, 1, 2], [9, 9]));
    await put('t10k-labels-idx1-ubyte', labelsOf(1));
    await writeFile(join(folder, 'classes.txt'), 'cat\r\ndog\n');
    const { train, test: testSet, normalisation } = await readIdxFolder(folder, { name: 'pets' });
    expect(train).toMatchObject({ name: 'pets/train', length: 2, classes: ['cat', 'dog'] });
    expect(testSet).toMatchObject({ name: 'pets/test', length: 1, classes: ['cat', 'dog'] });
    expect(normalisation).toEqual({ mean: [0.5], std: [0.5] });
  });

  test('a file that is cut off is named, with the lengths expected and found', async () => {
    await putTrain(imagesOf(3, 2, 2).subarray(0, 20), labelsOf(0, 1, 2));
    const { message, hint } = await failure();
    expect(message).toMatch(/train-images-idx3-ubyte: expected 28 bytes as its header declares, but got 20/);
    expect(hint).toMatch(/download stopped early/);
  });

  test('a gzip file that is cut off is named', async () => {
    const whole = gzipSync(imagesOf(300, 9, 9));
    await putTrain(whole.subarray(0, whole.length - 30), gzipSync(labelsOf(...new Array(300).fill(0))), '.gz');
    expect((await failure()).message).toMatch(/images-idx3-ubyte\.gz: expected 24316 bytes .* unzipping failed/);
  });

  test('a gzip file that unzips to more than its header declares is refused without unzipping it all', async () => {
    const bomb = Buffer.concat([imagesOf(1, 2, 2), Buffer.alloc(50_000_000)]);
    await putTrain(gzipSync(bomb), gzipSync(labelsOf(0)), '.gz');
    expect((await failure()).message).toMatch(/expected 20 bytes as its header declares, but it unzips to more/);
  });

  test('a header that declares more than its gzip can hold is refused before anything is allocated', async () => {
    await putTrain(gzipSync(idx(0x803, [0xffffffff, 4096, 4096], [1])), gzipSync(labelsOf(0)), '.gz');
    expect((await failure()).message).toMatch(/bytes of gzip cannot hold them/);
  });

  test('a wrong magic number is told, and swapped files are recognised', async () => {
    await putTrain(idx(0x1234, [1, 1, 1], [1]), labelsOf(0));
    expect((await failure()).message).toMatch(/expected magic number 0x00000803 .* but got 0x00001234/);
    await putTrain(idx(0x801, [12], new Uint8Array(12)), labelsOf(0));
    expect((await failure()).hint).toBe('images and labels are swapped');
  });

  test('image and label counts must be equal', async () => {
    await putTrain(imagesOf(2, 2, 2), labelsOf(0, 1, 1));
    expect((await failure()).message).toMatch(/labels-idx1-ubyte: expected 2 labels, one for each image .*, but got 3/);
  });

  test('a label out of range names its file and sample', async () => {
    await putTrain(imagesOf(2, 2, 2), labelsOf(0, 10));
    await expect(readIdxFolder(folder, { classes: ['a', 'b'] })).rejects.toThrow(
      /train-labels-idx1-ubyte: the label of sample 1 must be an integer from 0 to 1 \(2 classes\), but it is 10/,
    );
  });

  test('a missing folder is told', async () => {
    await expect(readIdxFolder(join(folder, 'none'))).rejects.toThrow(/none: expected a folder, but there is no such/);
  });

  test('missing labels and missing training images are told', async () => {
    await put('t10k-images-idx3-ubyte', imagesOf(1, 1, 1));
    await put('t10k-labels-idx1-ubyte', labelsOf(0));
    expect((await failure()).message).toMatch(/expected train-images-idx3-ubyte/);
    await put('train-images-idx3-ubyte', imagesOf(1, 1, 1));
    expect((await failure()).message).toMatch(/expected its labels in train-labels-idx1-ubyte or .*\.gz beside it/);
  });
});

describe('readIdxFile', () => {
  test('finds the labels beside the images', async () => {
    await put('mine-images.idx3-ubyte', imagesOf(2, 1, 1));
    await put('mine-labels.idx1-ubyte.gz', gzipSync(labelsOf(1, 0)));
    const { train, test: testSet } = await readIdxFile(join(folder, 'mine-images.idx3-ubyte'));
    expect(train).toMatchObject({ length: 2, classes: ['class 0', 'class 1'] });
    expect(testSet).toBeUndefined();
  });
});
