import { describe, expect, test } from 'vitest';
import { type Box, type Extent, type Image, resample } from '../data/index.ts';
import { Random } from '../tensor/index.ts';
import { randomResizedCrop, resizeCrop } from './index.ts';

const draws = 4000;
const photograph = { height: 300, width: 400 };
const sample = { height: 224, width: 224 };

function boxes(augmentation: ReturnType<typeof randomResizedCrop>, image: Extent, of: Extent = sample): Box[] {
  const random = new Random(5);
  return Array.from({ length: draws }, () => augmentation.crop?.box(image, of, random) as Box);
}

const isWithin = (image: Extent) => (box: Box) =>
  [box.top, box.left, box.height, box.width].every(Number.isInteger) &&
  Math.min(box.top, box.left) >= 0 &&
  Math.min(box.height, box.width) > 0 &&
  box.top + box.height <= image.height &&
  box.left + box.width <= image.width;

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Five deviations of the mean of so many draws that are uniform between two ends. */
const five = (least: number, most: number, count: number) => (5 * (most - least)) / Math.sqrt(12 * count);

describe('randomResizedCrop', () => {
  test('draws areas uniformly and shapes by their logarithm, at every place where the box fits', () => {
    const found = boxes(randomResizedCrop({ scale: [0.1, 0.4] }), photograph);
    expect(found.every(isWithin(photograph))).toBe(true);
    const areas = found.map(({ height, width }) => (height * width) / (300 * 400));
    expect(Math.min(...areas)).toBeGreaterThan(0.098);
    expect(Math.max(...areas)).toBeLessThan(0.402);
    // of areas so small every draw fits
    expect(Math.abs(mean(areas) - 0.25)).toBeLessThan(five(0.1, 0.4, draws));
    const shapes = found.map(({ height, width }) => Math.log(width / height));
    expect(Math.abs(mean(shapes))).toBeLessThan(five(Math.log(0.75), Math.log(4 / 3), draws));
    const tops = found.map(({ top, height }) => top / (photograph.height - height));
    expect(Math.abs(mean(tops) - 0.5)).toBeLessThan(five(0, 1, draws));
  });

  test('takes the largest box of a possible shape at the centre where none fits', () => {
    const long = { height: 10, width: 100 };
    expect(new Set(boxes(randomResizedCrop({ scale: [1, 1] }), long).map((box) => JSON.stringify(box)))).toEqual(
      new Set(['{"top":0,"left":43,"height":10,"width":13}']),
    );
    const tall = { height: 100, width: 12 };
    expect(boxes(randomResizedCrop({ scale: [1, 1] }), tall)[0]).toEqual({ top: 42, left: 0, height: 16, width: 12 });
  });

  test('refuses ranges that are turned round', () => {
    expect(() => randomResizedCrop({ scale: [0.5, 0.1] })).toThrow(
      'randomResizedCrop: `scale` must be the least and the largest, but is 0.5/0.1',
    );
  });
});

describe('resizeCrop', () => {
  test('cuts boxes of the sample’s shape and of one size, at every place', () => {
    // the shorter side becomes 256
    const found = boxes(resizeCrop({ size: 256 }), photograph);
    expect(found.every(isWithin(photograph))).toBe(true);
    // 224 × 300 / 256
    expect(new Set(found.map(({ height, width }) => `${height}×${width}`))).toEqual(new Set(['263×263']));
    expect(new Set(found.map(({ top }) => top)).size).toBe(300 - 263 + 1);
    expect(new Set(found.map(({ left }) => left)).size).toBe(400 - 263 + 1);
  });

  test('covers the sample by a share of its own, also where that is no square', () => {
    const [box] = boxes(resizeCrop({ share: 1.25 }), photograph, { height: 100, width: 200 });
    expect(box).toMatchObject({ height: 160, width: 320 });
    const [whole] = boxes(resizeCrop({ share: 1 }), { height: 32, width: 32 });
    expect(whole).toEqual({ top: 0, left: 0, height: 32, width: 32 });
    // a size below the sample's would need more than there is
    const [most] = boxes(resizeCrop({ size: 100 }), photograph);
    expect(most).toMatchObject({ height: 300, width: 300 });
  });
});

test('in memory a crop is the box that it draws, scaled to the image’s size', () => {
  const random = new Random('pixels');
  const image: Image = {
    channels: 3,
    height: 9,
    width: 7,
    pixels: Uint8Array.from({ length: 189 }, () => random.integer(256)),
  };
  for (const crop of [randomResizedCrop(), resizeCrop({ interpolation: 'bicubic' })]) {
    const box = crop.crop?.box(image, image, new Random(3)) as Box;
    const { image: result } = crop.apply({ image, label: 0 }, new Random(3));
    expect(result).toEqual(resample(image, box, image, crop.options.interpolation as 'bilinear'));
  }
});
