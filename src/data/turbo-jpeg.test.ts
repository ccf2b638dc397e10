import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../tensor/index.ts';
import { decodeStored } from './stored-image.ts';
import { hasTurboJpeg, plainJpeg } from './turbo-jpeg.ts';

const size = { height: 61, width: 83 };
const undivided = () => 1;
const isThere = await hasTurboJpeg();

let folder = '';
let pixels: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-jpeg-'));
  const random = new Random(3);
  pixels = Uint8Array.from({ length: 3 * 61 * 83 }, (_, i) => (random.integer(128) + i / 200) & 255);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const picture = () => sharp(pixels, { raw: { ...size, channels: 3 } });

const kinds = {
  baseline: () => picture().jpeg({ quality: 85 }),
  progressive: () => picture().jpeg({ quality: 60, progressive: true }),
  'without subsampling': () => picture().jpeg({ chromaSubsampling: '4:4:4' }),
  grey: () => picture().greyscale().jpeg(),
};

// apt-get install libturbojpeg0, brew install jpeg-turbo
describe.skipIf(!isThere)('libjpeg-turbo of the system', () => {
  test.each(Object.entries(kinds))('decodes a JPEG as sharp does: %s', async (_, made) => {
    const jpeg = await made().toBuffer();
    const expected = await sharp(jpeg).toColourspace('srgb').raw().toBuffer();
    expect((await plainJpeg(jpeg, undivided))?.pixels).toEqual(new Uint8Array(expected));
  });

  test('leaves to sharp what is not plain: turned, in other colours, cut off, damaged', async () => {
    const plain = await picture().jpeg().toBuffer();
    const left = {
      turned: await picture().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
      colours: await picture().withIccProfile('p3').jpeg().toBuffer(),
      inks: await picture().toColourspace('cmyk').jpeg().toBuffer(),
      cut: plain.subarray(0, plain.length - 40),
      damaged: Buffer.concat([plain.subarray(0, plain.length / 2), Buffer.alloc(60, 0xaa), plain.subarray(-2)]),
      other: await picture().png().toBuffer(),
    };
    for (const [what, bytes] of Object.entries(left)) expect(await plainJpeg(bytes, undivided), what).toBeUndefined();
    expect(await plainJpeg(plain, undivided)).toBeDefined();
  });
});

describe.skipIf(!isThere)('a large picture', () => {
  test.each([2, 4, 8])('divided by %i while it is decoded is the mean of what it was', async (divisor) => {
    const light = Uint8Array.from(
      { length: 3 * 64 * 96 },
      (_, i) => 40 + Math.floor(i / 3 / 96) + (Math.floor(i / 3) % 96),
    );
    const jpeg = await sharp(light, { raw: { width: 96, height: 64, channels: 3 } })
      .jpeg({ quality: 98 })
      .toBuffer();
    const found = await plainJpeg(jpeg, () => divisor);
    expect(found).toMatchObject({ height: 64 / divisor, width: 96 / divisor });
    const middle = (divisor - 1) / 2;
    found?.pixels.forEach((level, i) => {
      const [x, y] = [Math.floor(i / 3) % (96 / divisor), Math.floor(i / 3 / (96 / divisor))];
      expect(Math.abs(level - (40 + divisor * (x + y) + 2 * middle))).toBeLessThanOrEqual(3);
    });
  });
});

test('a picture has the same levels whoever decodes it', async () => {
  const file = join(folder, 'a.jpg');
  await writeFile(file, await kinds.baseline().toBuffer());
  const expected = await sharp(file).raw().toBuffer();
  expect(await decodeStored(file, { channels: 3, least: 61 })).toEqual({
    ...size,
    channels: 3,
    isInterleaved: true,
    pixels: new Uint8Array(expected),
  });
});
