import { describe, expect, test } from 'vitest';
import type { Augmentation, Image } from '../data/index.ts';
import { Random } from '../tensor/index.ts';
import { augMix, randAugment, trivialAugment } from './index.ts';
import { bitsFrom, evenly } from './operations.ts';
import { transformed } from './pixels/affine.ts';
import { contrast, saturation, sharpness } from './pixels/blend.ts';
import { autoContrasted, brightness, equalised, posterised, solarised } from './pixels/levels.ts';
import { inverseOf, rotation } from './pixels/matrix.ts';

const random = new Random('image');
const image: Image = {
  channels: 3,
  height: 41,
  width: 43,
  // no channel reaches 0 and 255, so that every operation changes something
  pixels: Uint8Array.from({ length: 3 * 41 * 43 }, () => 20 + random.integer(200)),
};
const sample = { image, label: 0 };
const how = { interpolation: 'nearest', fill: 0 } as const;
const keyOf = ({ pixels }: Image) => Buffer.from(pixels).toString('base64');
const degreesOf = (tangent: number) => (Math.atan(tangent) * 180) / Math.PI;

/** Torchvision's operations of one strength, each with its share: those with a sign have two halves. */
function expectedOf(reach: Record<'shear' | 'x' | 'y' | 'degrees' | 'colour' | 'bits' | 'threshold', number>) {
  const move = (change: Parameters<typeof inverseOf>[1]) => transformed(image, inverseOf(image, change), how);
  const signed: Record<string, (sign: number) => Image> = {
    shearX: (sign) => move({ shear: [degreesOf(sign * reach.shear), 0], centre: [0, 0] }),
    shearY: (sign) => move({ shear: [0, degreesOf(sign * reach.shear)], centre: [0, 0] }),
    translateX: (sign) => move({ translate: [Math.trunc(sign * reach.x), 0] }),
    translateY: (sign) => move({ translate: [0, Math.trunc(sign * reach.y)] }),
    rotate: (sign) => transformed(image, rotation(image, sign * reach.degrees), how),
    brightness: (sign) => brightness(image, 1 + sign * reach.colour),
    colour: (sign) => saturation(image, 1 + sign * reach.colour),
    contrast: (sign) => contrast(image, 1 + sign * reach.colour),
    sharpness: (sign) => sharpness(image, 1 + sign * reach.colour),
  };
  const others: Record<string, Image> = {
    identity: image,
    posterise: posterised(image, reach.bits),
    solarise: solarised(image, reach.threshold),
    autoContrast: autoContrasted(image),
    equalise: equalised(image),
  };
  const shares = new Map<string, { name: string; share: number }>();
  for (const [name, result] of Object.entries(others)) shares.set(keyOf(result), { name, share: 1 / 14 });
  for (const [name, result] of Object.entries(signed))
    for (const sign of [1, -1]) shares.set(keyOf(result(sign)), { name: `${name} ${sign}`, share: 1 / 28 });
  return shares;
}

const draws = 5000;

function countsOf(augmentation: Augmentation) {
  const stream = new Random(1);
  const counts = new Map<string, number>();
  for (let i = 0; i < draws; i++) {
    const key = keyOf(augmentation.apply(sample, stream).image);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

describe('randAugment', () => {
  test('draws each of torchvision’s 14 operations equally often, at its strength and with either sign', () => {
    const bins = 31;
    const part = 9 / (bins - 1);
    const expected = expectedOf({
      shear: 0.3 * part,
      x: (150 / 331) * 43 * part,
      y: (150 / 331) * 41 * part,
      degrees: 30 * part,
      colour: 0.9 * part,
      // 9 / 7.5 is rounded to 1
      bits: 7,
      threshold: 255 * (1 - part),
    });
    expect(expected.size).toBe(5 + 2 * 9);
    const counts = countsOf(randAugment({ operations: 1 }));
    expect([...counts.keys()].filter((key) => !expected.has(key))).toEqual([]);
    for (const [key, { name, share }] of expected) {
      const away = Math.abs((counts.get(key) ?? 0) - draws * share);
      expect(away, name).toBeLessThan(5 * Math.sqrt(draws * share * (1 - share)));
    }
  });

  test('does as many operations as asked, one after the other', () => {
    const once = randAugment({ operations: 1, magnitude: 20 });
    const twice = randAugment({ operations: 2, magnitude: 20 });
    const stream = new Random(8);
    const first = once.apply(sample, stream);
    expect(twice.apply(sample, new Random(8))).toEqual(once.apply(first, stream));
  });

  test('refuses a strength that it has not', () => {
    expect(() => randAugment({ magnitude: 31 })).toThrow(
      'randAugment: `magnitude` must be less than the 31 `bins`, but is 31',
    );
  });
});

describe('trivialAugment', () => {
  test('draws each operation equally often; with two strengths, either nothing or the widest', () => {
    const strongest = expectedOf({ shear: 0.99, x: 32, y: 32, degrees: 135, colour: 0.99, bits: 2, threshold: 0 });
    const counts = countsOf(trivialAugment({ bins: 2 }));
    for (const [key, { name, share }] of strongest) {
      if (['identity', 'autoContrast', 'equalise'].includes(name)) continue;
      const away = Math.abs((counts.get(key) ?? 0) - (draws * share) / 2);
      expect(away, name).toBeLessThan(5 * Math.sqrt((draws * share) / 2));
    }
    // what is weakest changes nothing: 9 signed ones, bits and threshold by half, and the identity
    const still = (9 + 1 + 1) / 28 + 1 / 14;
    const away = Math.abs((counts.get(keyOf(image)) ?? 0) - draws * still);
    expect(away).toBeLessThan(5 * Math.sqrt(draws * still * (1 - still)));
  });
});

describe('augMix', () => {
  test('of chains that change nothing is the image, but for what is behind the point', () => {
    // of one strength, which is none, only contrast, equalisation and four bits change anything
    const flat: Image = { ...image, pixels: new Uint8Array(image.pixels.length).fill(240) };
    const stream = new Random(2);
    for (let i = 0; i < 30; i++) {
      const { pixels } = augMix({ severity: 1 }).apply({ image: flat, label: 0 }, stream).image;
      expect(Math.min(...pixels)).toBeGreaterThanOrEqual(239);
      expect(Math.max(...pixels)).toBeLessThanOrEqual(240);
    }
  });

  test('mixes on average half of the image with half of its chains', () => {
    const grey: Image = { channels: 1, height: 40, width: 40, pixels: new Uint8Array(1600).fill(200) };
    const stream = new Random(3);
    const levels = Array.from(
      { length: 1500 },
      () => augMix({ severity: 10, depth: 1 }).apply({ image: grey, label: 0 }, stream).image.pixels[820] as number,
    );
    expect(Math.min(...levels)).toBeLessThan(120);
    expect(Math.max(...levels)).toBeGreaterThan(195);
    const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
    expect(mean).toBeGreaterThan(150);
    expect(mean).toBeLessThan(199);
  });
});

test('strengths are spread evenly; bits fall in whole steps', () => {
  expect([...evenly(0, 30, 4)]).toEqual([0, 10, 20, 30]);
  // torchvision: 8 − round(i / 7.5), 4 − round(i / 2.25)
  expect([...bitsFrom(8, 4, 31)].join('')).toBe(Array.from({ length: 31 }, (_, i) => 8 - Math.round(i / 7.5)).join(''));
  // a half goes to the even side
  expect([...bitsFrom(8, 1, 3)]).toEqual([8, 8, 7]);
  expect([...bitsFrom(4, 4, 10)]).toEqual([4, 4, 3, 3, 2, 2, 1, 1, 0, 0]);
});
