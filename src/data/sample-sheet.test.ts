import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { DataError } from '../tensor/index.ts';
import type { Dataset } from './dataset.ts';
import { memoryDataset } from './memory-dataset.ts';
import { sampleSheet } from './sample-sheet.ts';
import { asTile } from './sheet-tile.ts';

const side = 8;

/** Plain squares: red ones are class 0, blue ones class 1, …, each with a brightness of its own. */
function squares(classes: number, each: number): Dataset {
  const pixels = new Uint8Array(classes * each * 3 * side * side);
  const labels = Array.from({ length: classes * each }, (_, i) => i % classes);
  labels.forEach((label, i) => {
    const channel = (label * 2) % 3;
    pixels.fill(255 - i, (3 * i + channel) * side * side, (3 * i + channel + 1) * side * side);
  });
  const names = Array.from({ length: classes }, (_, i) => `<class> & ${i}`);
  return memoryDataset({ name: 'squares', classes: names, channels: 3, height: side, width: side, pixels, labels });
}

async function pixelsOf(png: Uint8Array) {
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * info.channels).subarray(0, 3)];
  return { ...info, at };
}

describe('sampleSheet', () => {
  it('shows a row of each class, with pixels enlarged and unchanged', async () => {
    const sheet = await sampleSheet(squares(2, 6), { samples: 3 });
    const { width, height, at } = await pixelsOf(sheet.png);
    expect([width, height]).toEqual([sheet.width, sheet.height]);
    const right = width - 16 - 1;
    for (const [row, channel] of [
      [0, 0],
      [1, 2],
    ] as const)
      for (let i = 0; i < 3; i++) {
        const [x, y] = [right - i * 68 - 30, 16 + row * 68 + 30];
        const pixel = at(x, y);
        expect(pixel.filter((level) => level > 0)).toEqual([pixel[channel]]);
        expect(pixel[channel]).toBeGreaterThan(240);
        // one colour up to its edge: nothing is smoothed
        for (const [dx, dy] of [
          [-30, 0],
          [30, 0],
          [0, 30],
        ] as const)
          expect(at(x + dx, y + dy)).toEqual(pixel);
      }
    expect(at(right, 16 + 65)).toEqual([255, 255, 255]);
  });

  it('is the same for the same seed, and other samples for another', async () => {
    const draw = async (seed: number) => Buffer.from((await sampleSheet(squares(2, 20), { samples: 2, seed })).png);
    const first = await draw(1);
    expect(first.equals(await draw(1))).toBe(true);
    expect(first.equals(await draw(2))).toBe(false);
  });

  it('is as wide as the longest row, however many samples were asked for', async () => {
    const { width } = await sampleSheet(squares(2, 3), { samples: 3 });
    expect((await sampleSheet(squares(2, 3), { samples: 40 })).width).toBe(width);
  });

  it('stands in columns where there are many classes', async () => {
    const { width, height } = await sampleSheet(squares(100, 1), { samples: 1 });
    expect(width / height).toBeGreaterThan(0.7);
    expect(width / height).toBeLessThan(2);
  });

  it('passes over what cannot be read, and leaves room where nothing is left', async () => {
    const good = squares(2, 3);
    const labels = Array.from(good.labels as ArrayLike<number>);
    const damaged: Dataset = {
      ...good,
      read: (index) => {
        if (index === 0 || labels[index] === 1) throw new DataError(`sample ${index} is damaged`);
        return good.read(index);
      },
    };
    const { png } = await sampleSheet(damaged, { samples: 2 });
    const { width, at } = await pixelsOf(png);
    const right = width - 16 - 32;
    expect([at(right, 16 + 32)[1], at(right - 68, 16 + 32)[1]]).toEqual([0, 0]);
    expect(at(right, 16 + 68 + 32)).toEqual([255, 255, 255]);
  });

  it('refuses a sheet that nobody could look at', async () => {
    await expect(sampleSheet(squares(2, 500), { samples: 500 })).rejects.toThrow(/would need \d+×\d+ pixels/);
    for (const samples of [0, -1, 1.5, Number.NaN])
      await expect(sampleSheet(squares(2, 1), { samples })).rejects.toThrow('`samples` must be a whole number');
  });
});

describe('a tile', () => {
  it('of a large image is made of means', () => {
    const pixels = Uint8Array.from({ length: 256 * 128 }, (_, i) => (i % 2) * 200);
    expect(asTile({ channels: 1, height: 128, width: 256, pixels })).toEqual({
      channels: 1,
      height: 64,
      width: 128,
      pixels: new Uint8Array(64 * 128).fill(100),
    });
  });

  it('of a medium image is the image', () => {
    const image = { channels: 1, height: 60, width: 100, pixels: new Uint8Array(6000) };
    expect(asTile(image)).toBe(image);
  });
});
