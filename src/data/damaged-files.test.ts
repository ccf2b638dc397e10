/** Files of idx and CIFAR with bytes changed, cut off or added: a DataError that names the file, or a dataset within bounds. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DataError } from '../tensor/index.ts';
import { readCifarFolder } from './cifar.ts';
import type { Sample, Splits } from './dataset.ts';
import { readIdxFolder } from './idx.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-damaged-'));
});
afterAll(() => rm(folder, { recursive: true }));

const big = (...fields: number[]) => {
  const bytes = Buffer.alloc(4 * fields.length);
  fields.forEach((field, i) => {
    bytes.writeUInt32BE(field, 4 * i);
  });
  return bytes;
};
const ramp = (length: number) => Uint8Array.from({ length }, (_, i) => i);

const images = Buffer.concat([big(0x803, 6, 3, 2), ramp(36)]);
const labels = Buffer.concat([big(0x801, 6), Uint8Array.of(0, 1, 2, 0, 1, 2)]);
const records = Buffer.concat([0, 9].map((label) => Buffer.concat([Uint8Array.of(label), ramp(3072)])));

/** A change of a few places, most often near the start, where the header is. */
const changed = (original: Uint8Array): fc.Arbitrary<Uint8Array> => {
  const place = fc.oneof(fc.nat(Math.min(23, original.length - 1)), fc.nat(original.length - 1));
  const edits = fc.array(fc.tuple(place, fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255))), {
    maxLength: 4,
  });
  return fc
    .tuple(edits, fc.option(fc.nat(original.length)), fc.uint8Array({ maxLength: 4 }))
    .map(([list, cut, more]) => {
      const bytes = Buffer.concat([original.subarray(0, cut ?? original.length), more]);
      for (const [at, byte] of list) if (at < bytes.length) bytes[at] = byte;
      return bytes;
    });
};

/** What reading gives is sound: every sample can be read and has a label of a class. */
function expectSound({ train, normalisation }: Splits): void {
  for (let i = 0; i < train.length; i++) {
    const { image, label } = train.read(i) as Sample;
    expect(image.pixels).toHaveLength(image.channels * image.height * image.width);
    expect(train.classes[label]).toBeTypeOf('string');
  }
  for (const number of [...normalisation.mean, ...normalisation.std]) expect(number).toSatisfy(Number.isFinite);
}

async function expectSoundOrRefused(path: string, reading: Promise<Splits>): Promise<void> {
  try {
    expectSound(await reading);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    expect(error.message).toContain(path);
  }
}

const runs = { numRuns: 400 };

test('idx files that are damaged are refused, or are idx files', { timeout: 60_000 }, async () => {
  const path = folder;
  await fc.assert(
    fc.asyncProperty(changed(images), changed(labels), fc.boolean(), async (first, second, both) => {
      await writeFile(join(path, 'train-images-idx3-ubyte'), first);
      await writeFile(join(path, 'train-labels-idx1-ubyte'), both ? second : labels);
      await expectSoundOrRefused(path, readIdxFolder(path));
    }),
    runs,
  );
});

test('gzipped idx files that are damaged, inside or outside, are refused or read', { timeout: 60_000 }, async () => {
  const path = await mkdtemp(join(folder, 'gzip-'));
  await writeFile(join(path, 'train-labels-idx1-ubyte'), labels);
  const outside = changed(gzipSync(images)).map((bytes) => Buffer.from(bytes));
  const inside = changed(images).map((bytes) => gzipSync(bytes));
  await fc.assert(
    fc.asyncProperty(fc.oneof(outside, inside), async (bytes) => {
      await writeFile(join(path, 'train-images-idx3-ubyte.gz'), bytes);
      await expectSoundOrRefused(path, readIdxFolder(path));
    }),
    runs,
  );
});

test('CIFAR files that are damaged are refused, or are CIFAR files', { timeout: 60_000 }, async () => {
  const path = await mkdtemp(join(folder, 'cifar-'));
  await fc.assert(
    fc.asyncProperty(changed(records), async (bytes) => {
      await writeFile(join(path, 'data_batch_1.bin'), bytes);
      await expectSoundOrRefused(path, readCifarFolder(path));
    }),
    runs,
  );
});
