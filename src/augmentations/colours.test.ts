import { describe, expect, test } from 'vitest';
import type { Image, Sample } from '../data/index.ts';
import { Random } from '../tensor/index.ts';
import { blur, colourJitter, grey } from './index.ts';
import { contrast, saturation } from './pixels/blend.ts';
import { blurred } from './pixels/gaussian.ts';
import { hueTurned } from './pixels/hue.ts';
import { brightness } from './pixels/levels.ts';

const noise = new Random('colours');
const image: Image = {
  channels: 3,
  height: 24,
  width: 20,
  pixels: Uint8Array.from({ length: 3 * 24 * 20 }, () => noise.integer(256)),
};
const sample: Sample = { image, label: 0 };
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('colourJitter', () => {
  test('draws factors uniformly within so much of 1', () => {
    const flat = { image: { channels: 1, height: 1, width: 1, pixels: Uint8Array.of(100) }, label: 0 };
    const only = { brightness: 0, contrast: 0, saturation: 0, hue: 0 };
    const random = new Random(1);
    const levels = Array.from(
      { length: 3000 },
      () => colourJitter({ ...only, brightness: 0.3 }).apply(flat, random).image.pixels[0] as number,
    );
    expect(Math.min(...levels)).toBe(70);
    expect(Math.max(...levels)).toBe(129);
    // levels are cut off, half a level on average
    expect(Math.abs(mean(levels) - 99.5)).toBeLessThan((5 * 60) / Math.sqrt(12 * 3000));
    expect(colourJitter(only).apply(sample, random).image).toBe(image);
  });

  test('makes its changes in any order', () => {
    const changes = [brightness, contrast, saturation];
    const orders = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const { pixels } = colourJitter({ hue: 0.2 }).apply(sample, new Random(seed)).image;
      const random = new Random(seed);
      const order = random.shuffle([0, 1, 2, 3]);
      let expected = image;
      for (const at of order) {
        const change = changes[at];
        const draw = 2 * random.uniform() - 1;
        expected = change ? change(expected, 0.6 + 0.8 * ((draw + 1) / 2)) : hueTurned(expected, 0.2 * draw);
      }
      const away = pixels.map((level, at) => Math.abs(level - (expected.pixels[at] as number)));
      expect(Math.max(...away)).toBeLessThanOrEqual(1);
      orders.add(order.join());
    }
    expect(orders.size).toBeGreaterThan(15);
  });

  test('never has a factor below 0', () => {
    const random = new Random(2);
    const strong = colourJitter({ brightness: 3, contrast: 0, saturation: 0 });
    for (let i = 0; i < 100; i++) expect(strong.apply(sample, random).image.pixels.length).toBe(image.pixels.length);
  });
});

test('grey happens with its probability, and makes three equal channels', () => {
  const random = new Random(3);
  const results = Array.from({ length: 2000 }, () => grey().apply(sample, random)).filter((one) => one !== sample);
  expect(Math.abs(results.length - 200)).toBeLessThan(5 * Math.sqrt(2000 * 0.1 * 0.9));
  const pixels = results[0]?.image.pixels ?? new Uint8Array();
  const area = 24 * 20;
  expect(pixels.slice(area, 2 * area)).toEqual(pixels.slice(0, area));
  expect(pixels.slice(2 * area)).toEqual(pixels.slice(0, area));
});

describe('blur', () => {
  test('happens with its probability, by a bell between its ends', () => {
    const random = new Random(4);
    const results = Array.from({ length: 600 }, () => blur({ sigma: [0.5, 1.5] }).apply(sample, random)).filter(
      (one) => one !== sample,
    );
    expect(Math.abs(results.length - 300)).toBeLessThan(5 * Math.sqrt(600 / 4));
    const roughness = ({ pixels }: Image) => mean([...pixels].slice(1).map((one, i) => (one - (pixels[i] ?? 0)) ** 2));
    const [widest, narrowest] = [1.5, 0.5].map((sigma) => roughness(blurred(image, 3, sigma)));
    const found = results.map((one) => roughness(one.image));
    expect(Math.min(...found)).toBeGreaterThan(0.98 * (widest as number));
    expect(Math.max(...found)).toBeLessThan(1.02 * (narrowest as number));
    expect(new Set(found).size).toBeGreaterThan(100);
  });

  test('refuses a kernel without a middle', () => {
    expect(() => blur({ kernel: 4 })).toThrow('blur: `kernel` must be odd, so that it has a middle, but is 4');
  });
});
