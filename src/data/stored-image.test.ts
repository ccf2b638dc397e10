import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeStored } from './stored-image.ts';

/** From black on the left to white on the right, a little red, and blue at the top. */
const slope = (width: number, height: number) =>
  sharp(
    Uint8Array.from({ length: width * height * 3 }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
      return [255, 235, 240 - (200 * y) / height][i % 3]! * (i % 3 === 2 ? 1 : x / width);
    }),
    { raw: { width, height, channels: 3 } },
  );

describe('a picture as it is stored', () => {
  it.each(['jpeg', 'png', 'tiff'] as const)(
    'is divided as long as its shorter side is of use: a %s',
    async (format) => {
      const bytes = await slope(90, 61).toFormat(format).toBuffer();
      const sidesFor = async (least: number) => {
        const { height, width, pixels } = await decodeStored(bytes, { channels: 3, least });
        expect(pixels).toHaveLength(3 * height * width);
        return [width, height];
      };
      expect(await sidesFor(61)).toEqual([90, 61]);
      expect(await sidesFor(32)).toEqual([90, 61]);
      expect(await sidesFor(31)).toEqual([45, 31]);
      expect(await sidesFor(16)).toEqual([23, 16]);
      expect(await sidesFor(1)).toEqual([12, 8]);
    },
  );

  it.each(['jpeg', 'png', 'webp', 'tiff'] as const)('is turned upright before it is divided: a %s', async (format) => {
    const bytes = await slope(96, 48).withMetadata({ orientation: 6 }).toFormat(format).toBuffer();
    const { height, width, pixels } = await decodeStored(bytes, { channels: 3, least: 24 });
    expect([width, height]).toEqual([24, 48]);
    const levelsOf = (row: number) => pixels[3 * (row * width + 12)] as number;
    // what was on the left is at the top
    for (const [row, level] of [
      [4, 24],
      [24, 130],
      [44, 236],
    ] as const)
      expect(Math.abs(levelsOf(row) - level)).toBeLessThan(12);
  });

  it('is grey by luma where one channel is asked for', async () => {
    const flat = sharp({ create: { width: 9, height: 8, channels: 3, background: { r: 200, g: 100, b: 50 } } });
    const { channels, pixels } = await decodeStored(await flat.png().toBuffer(), { channels: 1, least: 8 });
    expect([channels, pixels.length, new Set(pixels)]).toEqual([1, 72, new Set([124])]);
  });
});
