import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Augmentation, type Sample, streamOf } from '../data/index.ts';
import { Kind } from '../parts/index.ts';
import { Random } from '../tensor/index.ts';
import * as room from './index.ts';

const { augmentationSet, augmentationSets, ...parts } = room;
const { erase, flip, padCrop, verticalFlip } = parts;
const augmentations = new Kind<Augmentation>('augmentation', parts);

const samples: fc.Arbitrary<Sample> = fc
  .record({
    channels: fc.integer({ min: 1, max: 3 }),
    height: fc.integer({ min: 1, max: 6 }),
    width: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat(),
  })
  .map(({ seed, ...size }) => {
    const random = new Random(seed);
    const length = size.channels * size.height * size.width;
    return { image: { ...size, pixels: Uint8Array.from({ length }, () => random.integer(256)) }, label: 1 };
  });

/** The pixel of each channel at (row, column), or undefined outside. */
const at = ({ image }: Sample, channel: number, row: number, column: number) =>
  row < 0 || column < 0 || row >= image.height || column >= image.width
    ? undefined
    : image.pixels[(channel * image.height + row) * image.width + column];

/** Every record with its defaults, and again so that it happens to each image. */
const every: readonly Augmentation[] = augmentations.parts.flatMap((part) => [
  part.from({}),
  ...('probability' in part.options ? [part.from({ probability: 1 })] : []),
  ...('interpolation' in part.options ? [part.from({ interpolation: 'bilinear' })] : []),
]);

describe('every augmentation', () => {
  test.each(every.map((one) => [`${one.name} ${JSON.stringify(one.options)}`, one] as const))(
    'keeps size and label, leaves its argument alone and depends on the random stream only: %s',
    (_, augmentation) => {
      fc.assert(
        fc.property(samples, fc.nat(), (sample, seed) => {
          const before = sample.image.pixels.slice();
          const result = augmentation.apply(sample, new Random(seed));
          // readers of files give these, whose `slice` is no copy
          const pixels = Buffer.from(before);
          augmentation.apply({ ...sample, image: { ...sample.image, pixels } }, new Random(seed));
          expect(new Uint8Array(pixels)).toEqual(before);
          expect(sample.image.pixels).toEqual(before);
          const { pixels: changed, ...size } = result.image;
          expect({ ...size, label: result.label }).toEqual({ ...sample.image, pixels: undefined, label: 1 });
          expect(changed).toHaveLength(before.length);
          expect(augmentation.apply(sample, new Random(seed))).toEqual(result);
        }),
        { numRuns: 50 },
      );
    },
  );

  test('draws the same numbers whatever others there are, and others than a second one of its name', () => {
    const sample = new Random('sample');
    const bitsOf = (list: readonly Augmentation[], at: number) => streamOf(list, at, sample, 'each').bits();
    for (const one of every) {
      const others = every.filter(({ name }) => name !== one.name);
      expect(bitsOf([one], 0)).toBe(bitsOf([...others, one], others.length));
      expect(bitsOf([one, one], 1)).not.toBe(bitsOf([one, one], 0));
    }
  });

  test('has a paper or is too plain for one', () => {
    const without = augmentations.parts.filter(({ source }) => source === undefined).map(({ name }) => name);
    expect(without).toEqual(['affine', 'flip', 'rotate', 'verticalFlip']);
  });
});

describe('flip', () => {
  test('mirrors every row of every channel; twice is the identity', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const mirror = flip({ probability: 1 });
        const once = mirror.apply(sample, new Random(0));
        const { channels, height, width } = sample.image;
        expect(at(once, channels - 1, height - 1, 0)).toBe(at(sample, channels - 1, height - 1, width - 1));
        expect(mirror.apply(once, new Random(0))).toEqual(sample);
      }),
    );
  });

  test('happens with its probability', () => {
    const sample: Sample = { image: { channels: 1, height: 1, width: 2, pixels: Uint8Array.of(1, 2) }, label: 0 };
    const random = new Random(1);
    const flips = (probability: number) =>
      Array.from({ length: 2000 }, () => flip({ probability }).apply(sample, random)).filter((s) => s !== sample)
        .length;
    expect(flips(0)).toBe(0);
    expect(Math.abs(flips(0.5) - 1000)).toBeLessThan(100);
    expect(flips(1)).toBe(2000);
  });

  test('refuses a probability outside of 0..1', () => {
    expect(() => flip({ probability: 1.5 })).toThrow(/`probability` must be a number from 0 to 1, but is 1.5/);
  });
});

describe('verticalFlip', () => {
  test('mirrors every column of every channel; twice is the identity', () => {
    fc.assert(
      fc.property(samples, (sample) => {
        const mirror = verticalFlip({ probability: 1 });
        const once = mirror.apply(sample, new Random(0));
        const { channels, height, width } = sample.image;
        expect(at(once, channels - 1, 0, width - 1)).toBe(at(sample, channels - 1, height - 1, width - 1));
        expect(mirror.apply(once, new Random(0))).toEqual(sample);
      }),
    );
  });
});

describe('padCrop', () => {
  test('moves the image by at most `pad` pixels each way and fills what comes in', () => {
    fc.assert(
      fc.property(samples, fc.nat(), fc.integer({ min: 1, max: 8 }), (sample, seed, pad) => {
        const moved = padCrop({ pad, fill: 77 }).apply(sample, new Random(seed));
        const random = new Random(seed);
        const down = random.integer(2 * pad + 1) - pad;
        const right = random.integer(2 * pad + 1) - pad;
        const { channels, height, width } = sample.image;
        for (let channel = 0; channel < channels; channel++)
          for (let row = 0; row < height; row++)
            for (let column = 0; column < width; column++)
              expect(at(moved, channel, row, column)).toBe(at(sample, channel, row + down, column + right) ?? 77);
      }),
    );
  });

  test('reaches every one of the (2 pad + 1)² places', () => {
    const pixels = Uint8Array.from({ length: 25 }, (_, i) => i + 1);
    const sample: Sample = { image: { channels: 1, height: 5, width: 5, pixels }, label: 0 };
    const random = new Random(2);
    const places = Array.from({ length: 500 }, () => padCrop({ pad: 1 }).apply(sample, random).image.pixels.join());
    expect(new Set(places).size).toBe(9);
  });

  test('refuses options out of range and records those it has', () => {
    expect(padCrop({ pad: 4 })).toMatchObject({ name: 'padCrop', options: { pad: 4, fill: 0 } });
    expect(() => padCrop({ pad: 0 })).toThrow(/`pad` must be a whole number of at least 1, but is 0/);
    expect(() => padCrop({ pad: 1, fill: 256 })).toThrow(/`fill` must be a whole number from 0 to 255, but is 256/);
  });
});

describe('erase', () => {
  const [height, width] = [20, 30];
  const pixels = new Uint8Array(3 * height * width).fill(7);
  const sample: Sample = { image: { channels: 3, height, width, pixels }, label: 0 };
  const whites = ({ image }: Sample) => [...image.pixels.keys()].filter((i) => image.pixels[i] === 255);

  test('overwrites one rectangle, the same in each channel, of the asked share and shape', () => {
    const random = new Random(3);
    const sides = Array.from({ length: 300 }, () => {
      const places = whites(
        erase({ probability: 1, area: [0.1, 0.2], aspect: [0.5, 2], fill: 'white' }).apply(sample, random),
      );
      const one = places.filter((i) => i < height * width);
      expect(places).toEqual([0, 1, 2].flatMap((channel) => one.map((i) => i + channel * height * width)));
      const [rows, columns] = [one.map((i) => Math.floor(i / width)), one.map((i) => i % width)];
      const size = [rows, columns].map((along) => Math.max(...along) - Math.min(...along) + 1) as [number, number];
      expect(one).toHaveLength(size[0] * size[1]);
      return size;
    });
    // each side is rounded to whole pixels
    for (const [rows, columns] of sides) {
      expect(rows * columns).toBeGreaterThan(0.085 * height * width);
      expect(rows * columns).toBeLessThan(0.22 * height * width);
      expect(rows / columns).toBeGreaterThan(0.44);
      expect(rows / columns).toBeLessThan(2.3);
    }
    expect(new Set(sides.map(String)).size).toBeGreaterThan(10);
  });

  test('happens with its probability, and fills with noise or black', () => {
    const random = new Random(4);
    const changed = Array.from({ length: 1000 }, () => erase({ probability: 0.3 }).apply(sample, random)).filter(
      (s) => s !== sample,
    );
    expect(Math.abs(changed.length - 300)).toBeLessThan(60);
    expect(new Set(changed[0]?.image.pixels).size).toBeGreaterThan(20);
    const black = erase({ probability: 1, fill: 'black' }).apply(sample, random);
    expect(new Set(black.image.pixels)).toEqual(new Set([0, 7]));
  });

  test('refuses ends that are turned round', () => {
    expect(() => erase({ area: [0.5, 0.1] })).toThrow(
      'erase: `area` must be the least and the largest, but is 0.5/0.1',
    );
  });

  test('leaves an image whole for which no rectangle fits', () => {
    expect(erase({ probability: 1, area: [1, 1], aspect: [1, 1] }).apply(sample, new Random(0))).toBe(sample);
  });
});
