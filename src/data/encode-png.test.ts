import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { Image } from './dataset.ts';
import { decodeImage } from './decode-image.ts';
import { encodePng } from './encode-png.ts';

const image = (channels: number, height: number, width: number): Image => ({
  channels,
  height,
  width,
  pixels: Uint8Array.from({ length: channels * height * width }, (_, i) => (i * 37) % 256),
});

test('grey and coloured images come back from PNG byte for byte', async () => {
  for (const channels of [1, 3] as const) {
    const original = image(channels, 5, 7);
    const png = await encodePng(original);
    expect((await sharp(png).metadata()).format).toBe('png');
    const { pixels } = await decodeImage(png, { channels, height: 5, width: 7 });
    expect([...pixels]).toEqual([...original.pixels]);
  }
});

test('an image longer than asked for is scaled down in its shape, a smaller one is left as it is', async () => {
  const sizeOf = async (height: number, width: number) => {
    const { width: w, height: h } = await sharp(
      await encodePng(image(3, height, width), { longestSide: 10 }),
    ).metadata();
    return [h, w];
  };
  expect(await sizeOf(20, 40)).toEqual([5, 10]);
  expect(await sizeOf(4, 6)).toEqual([4, 6]);
});

test('refuses pixels that do not fill the image, and two channels', async () => {
  await expect(encodePng({ ...image(3, 4, 4), width: 5 })).rejects.toThrow('3×4×5 and 48 bytes');
  await expect(encodePng(image(2, 4, 4))).rejects.toThrow('1 or 3 channels');
});
