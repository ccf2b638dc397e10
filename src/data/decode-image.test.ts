import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Image } from './dataset.ts';
import { decodeImage } from './decode-image.ts';
import type { Scaling } from './scaling.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-'));
});
afterEach(() => rm(folder, { recursive: true }));

const orange = { r: 200, g: 100, b: 50 };
const plain = (width = 6, height = 4) => sharp({ create: { width, height, channels: 3, background: orange } });
/** Red on the left, blue on the right. */
const redBlue = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: '#ff0000' } }).composite([
    {
      input: { create: { width: width / 2, height, channels: 3, background: '#0000ff' } },
      left: width / 2,
      top: 0,
    },
  ]);
const flat = (background: string) =>
  sharp({ create: { width: 6, height: 4, channels: 3, background } })
    .png()
    .toBuffer();
const size = { channels: 3, height: 4, width: 4 } as const;

/** The colour at (row, column), one value per channel. */
const pixelAt = ({ channels, height, width, pixels }: Image, row: number, column: number) =>
  Array.from({ length: channels }, (_, c) => pixels[(c * height + row) * width + column] as number);

function expectNear(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of actual.entries())
    expect(Math.abs(value - (expected[i] as number))).toBeLessThanOrEqual(tolerance);
}

test('pixels are channel-major sRGB, from PNG and lossless WebP exactly', async () => {
  for (const bytes of [await plain().png().toBuffer(), await plain().webp({ lossless: true }).toBuffer()]) {
    const image = await decodeImage(bytes, size);
    expect(image).toMatchObject({ channels: 3, height: 4, width: 4 });
    expect(image.pixels).toEqual(Uint8Array.from([200, 100, 50].flatMap((value) => new Array(16).fill(value))));
  }
});

test('a CMYK JPEG becomes sRGB', async () => {
  const bytes = await plain().toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer();
  expect((await sharp(bytes).metadata()).space).toBe('cmyk');
  // the gamut of print is smaller: strong colours move
  expectNear(pixelAt(await decodeImage(bytes, size), 1, 1), [200, 100, 50], 32);
});

test('a 16-bit PNG keeps its brightness', async () => {
  const bytes = await plain().toColourspace('rgb16').png().toBuffer();
  expect((await sharp(bytes).metadata()).depth).toBe('ushort');
  expectNear(pixelAt(await decodeImage(bytes, size), 1, 1), [200, 100, 50], 1);
});

test('grey, 16-bit grey and grey with alpha become three equal channels', async () => {
  for (const space of ['b-w', 'grey16']) {
    const image = await decodeImage(await plain().toColourspace(space).png().toBuffer(), size);
    expectNear(pixelAt(image, 2, 2), [128, 128, 128], 1);
  }
  const clear = { create: { width: 4, height: 4, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } } as const;
  const bytes = await sharp(clear).toColourspace('b-w').png().toBuffer();
  expect((await sharp(bytes).metadata()).channels).toBe(2);
  expect(pixelAt(await decodeImage(bytes, size), 0, 0)).toEqual([255, 255, 255]);
});

test('transparency lies on white', async () => {
  const half = { create: { width: 4, height: 4, channels: 4, background: { ...orange, alpha: 0.5 } } } as const;
  expectNear(pixelAt(await decodeImage(await sharp(half).png().toBuffer(), size), 0, 0), [227, 177, 152], 1);
});

test('EXIF orientation is applied: an image that is stored lying comes out upright', async () => {
  // 6: the stored left side is the top
  const bytes = await redBlue(8, 4)
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
    .toBuffer();
  const image = await decodeImage(bytes, { channels: 3, height: 8, width: 4 });
  expectNear(pixelAt(image, 0, 1), [255, 0, 0], 12);
  expectNear(pixelAt(image, 7, 2), [0, 0, 255], 12);
});

test('the shorter side is scaled and the middle is kept', async () => {
  const image = await decodeImage(await redBlue(40, 10).png().toBuffer(), { channels: 3, height: 10, width: 10 });
  expect(pixelAt(image, 5, 4)).toEqual([255, 0, 0]);
  expect(pixelAt(image, 5, 5)).toEqual([0, 0, 255]);
});

test('with `resize` the shorter side is scaled to it, and the rest is cut off', async () => {
  // a blue stripe over the middle fifth of the width
  const stripe = await sharp({ create: { width: 100, height: 60, channels: 3, background: '#ff0000' } })
    .composite([{ input: { create: { width: 20, height: 60, channels: 3, background: '#0000ff' } }, left: 40, top: 0 }])
    .png()
    .toBuffer();
  const blueIn = async (scaling: Scaling) => {
    const image = await decodeImage(stripe, { channels: 3, height: 20, width: 20, ...scaling });
    return Array.from({ length: 20 }, (_, x) => x).filter((x) => (pixelAt(image, 10, x)[2] as number) > 128).length;
  };
  expect(await blueIn({})).toBe(7);
  expect(await blueIn({ resize: { shorterSide: 30 } })).toBe(10);
  expect(await blueIn({ resize: { shorterSide: 60 } })).toBe(20);
});

test('sides and crops are rounded as in Python: the longer side down, half a pixel to the even side', async () => {
  const raw = Uint8Array.from({ length: 35 }, (_, i) => 7 * i);
  const lying = await sharp(raw, { raw: { width: 7, height: 5, channels: 1 } })
    .png()
    .toBuffer();
  const size = { channels: 1, height: 4, width: 4, resize: { shorterSide: 5 } } as const;
  expect(pixelAt(await decodeImage(lying, size), 0, 0)).toEqual([7 * 2]);
  const standing = await sharp(lying).rotate(90).png().toBuffer();
  expect(pixelAt(await decodeImage(standing, size), 0, 3)).toEqual([7 * 9]);
  // 7 ÷ 5 × 4 is 5.6
  const narrow = await decodeImage(lying, { ...size, width: 3, resize: { shorterSide: 4 } });
  const whole = await sharp(lying).resize(5, 4, { fit: 'fill' }).extractChannel(0).raw().toBuffer();
  expect([...narrow.pixels.subarray(0, 3)]).toEqual([...whole.subarray(1, 4)]);
});

test('the pixels depend on the interpolation, which is Lanczos where none is named', async () => {
  const raw = Uint8Array.from({ length: 32 * 32 }, (_, i) => ((i * i) % 3 === 0 ? 250 : 10));
  const image = await sharp(raw, { raw: { width: 32, height: 32, channels: 1 } })
    .png()
    .toBuffer();
  const scaled = async (interpolation?: Scaling['interpolation']) =>
    (await decodeImage(image, { channels: 1, height: 12, width: 12, ...(interpolation && { interpolation }) })).pixels;
  const kinds = await Promise.all((['nearest', 'bilinear', 'bicubic', 'lanczos'] as const).map(scaled));
  expect(new Set(kinds.map(String)).size).toBe(4);
  expect(new Set(kinds[0])).toEqual(new Set([10, 250]));
  expect(await scaled()).toEqual(kinds[3]);
});

test('a shorter side that does not cover the crop is a mistake in the options', async () => {
  const bytes = await plain().png().toBuffer();
  const asked = { ...size, width: 5, resize: { shorterSide: 4 } };
  await expect(decodeImage(bytes, asked)).rejects.toThrow('expected a shorter side that covers 4×5, but got 4');
});

test('one channel gives greyscale', async () => {
  const image = await decodeImage(await plain().png().toBuffer(), { channels: 1, height: 2, width: 3 });
  expect(image).toMatchObject({ channels: 1, height: 2, width: 3 });
  expect(image.pixels).toHaveLength(6);
  expectNear(pixelAt(image, 0, 0), [124], 0);
  const light = { channels: 1, height: 2, width: 3, grey: 'light' } as const;
  expectNear(pixelAt(await decodeImage(await plain().png().toBuffer(), light), 0, 0), [128], 1);
});

test('a corrupt image, a file of another kind and a missing file are errors that name the file', async () => {
  const noise = {
    create: {
      width: 99,
      height: 99,
      channels: 3,
      background: 'black',
      noise: { type: 'gaussian' as const, mean: 99, sigma: 40 },
    },
  } as const;
  for (const format of ['jpeg', 'png', 'webp'] as const) {
    const whole = await sharp(noise).toFormat(format).toBuffer();
    const path = join(folder, `half.${format}`);
    await writeFile(path, whole.subarray(0, whole.length / 2));
    await expect(decodeImage(path, size)).rejects.toThrow(new RegExp(`half.${format}: the image is corrupt`));
  }
  for (const format of ['avif', 'gif', 'png'] as const) {
    const whole = await plain().toFormat(format).toBuffer();
    await expect(decodeImage(whole.subarray(0, whole.length / 2), size)).rejects.toThrow(
      'image: the image is corrupt and cannot be decoded (the file stops within the picture)',
    );
  }
  const text = join(folder, 'text.jpg');
  await writeFile(text, '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>');
  await expect(decodeImage(text, size)).rejects.toThrow(
    /text\.jpg: expected a JPEG, PNG, WebP, AVIF, GIF or TIFF image/,
  );
  await expect(decodeImage(join(folder, 'none.jpg'), size)).rejects.toThrow(/none\.jpg: no such file/);
});

test('a palette, an animation and a single pixel are images like others', async () => {
  const palette = await plain().png({ palette: true }).toBuffer();
  const frames = await Promise.all([redBlue(6, 4).png().toBuffer(), plain().png().toBuffer()]);
  const animation = await sharp(frames, { join: { animated: true } })
    .webp({ lossless: true })
    .toBuffer();
  expect((await sharp(animation).metadata()).pages).toBe(2);
  expect(pixelAt(await decodeImage(palette, size), 1, 1)).toEqual([200, 100, 50]);
  expectNear(pixelAt(await decodeImage(animation, { ...size, width: 6 }), 1, 0), [255, 0, 0], 2);
  expect(pixelAt(await decodeImage(await plain(1, 1).png().toBuffer(), size), 3, 3)).toEqual([200, 100, 50]);
});

test.each(['gif', 'tiff', 'webp'] as const)('of a %s with several pictures, the first is taken', async (format) => {
  const frames = await Promise.all(['#c86432', '#0000ff', '#00ff00'].map(flat));
  const several = await sharp(frames, { join: { animated: true } })
    .toFormat(format, format === 'webp' ? { lossless: true } : {})
    .toBuffer();
  expect((await sharp(several).metadata()).pages).toBe(3);
  const { pixels } = await decodeImage(several, size);
  expect(pixels).toEqual((await decodeImage(frames[0] as Buffer, size)).pixels);
});

test.each([8, 10, 12] as const)('an AVIF of %i bits is turned as it says, its profile applied', async (bitdepth) => {
  const lying = await sharp(await redBlue(64, 32).png().toBuffer())
    .withMetadata({ orientation: 6 })
    .withIccProfile('p3')
    .avif({ lossless: true, bitdepth })
    .toBuffer();
  const upright = await decodeImage(lying, { channels: 3, height: 64, width: 32 });
  expectNear(pixelAt(upright, 2, 10), [255, 0, 0], 6);
  expectNear(pixelAt(upright, 61, 20), [0, 0, 255], 6);
});

test('what is clear in a picture of 16 bits is white', async () => {
  const clear = { create: { width: 4, height: 4, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0 } } } as const;
  const bytes = await sharp(clear).toColourspace('rgb16').png().toBuffer();
  expect((await sharp(bytes).metadata()).depth).toBe('ushort');
  expect(pixelAt(await decodeImage(bytes, size), 0, 0)).toEqual([255, 255, 255]);
});

test('a TIFF of measurements is refused: where black and white are is not said', async () => {
  const bytes = await plain(24, 4).toColourspace('b-w').tiff({ compression: 'none' }).toBuffer();
  // width, bits and format of a sample: what were 24 levels are 6 numbers of 32 bits
  for (const [tag, value] of [
    [256, 6],
    [258, 32],
    [339, 3],
  ] as const)
    bytes.writeUInt32LE(value, entryOf(bytes, tag) + 8);
  const path = join(folder, 'measured.tif');
  await writeFile(path, bytes);
  await expect(decodeImage(path, size)).rejects.toThrow(
    `${path}: expected levels of 8 or 16 bits, but they are of type float`,
  );
});

test('a small file that declares a picture of billions of pixels is refused before it is decoded', async () => {
  const bytes = await plain().png().toBuffer();
  // IHDR: width and height stand at byte 16, the chunk's checksum at byte 29
  bytes.writeUInt32BE(60_000, 16);
  bytes.writeUInt32BE(60_000, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  const path = join(folder, 'bomb.png');
  await writeFile(path, bytes);
  await expect(decodeImage(path, size)).rejects.toThrow(
    expect.objectContaining({
      code: 'DATA',
      message: `${path}: expected an image of at most 268402689 pixels, but it declares more`,
    }),
  );
});

test('a path that leads to no file is refused, also where reading it would never end', async () => {
  await expect(decodeImage(folder, size)).rejects.toThrow(`${folder}: expected a file, but it is a folder`);
  if (process.platform === 'linux')
    await expect(decodeImage('/dev/zero', size)).rejects.toThrow('/dev/zero: expected a file, but it is a device');
});

/** Where an entry of a TIFF's first directory stands. */
function entryOf(bytes: Buffer, tag: number): number {
  let at = bytes.readUInt32LE(4) + 2;
  while (bytes.readUInt16LE(at) !== tag) at += 12;
  return at;
}

/** The checksum of a PNG chunk. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
