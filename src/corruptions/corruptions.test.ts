/** What holds of every corruption, and of the draws of those that are random. */
import { readdirSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import type { Image } from '../data/index.ts';
import { Random } from '../tensor/index.ts';
import { type Corruption, severities } from './corruption.ts';
import { corruptions, corruptionsOf } from './corruptions.ts';
import { gaussianNoise } from './gaussian-noise.ts';
import { impulseNoise } from './impulse-noise.ts';
import * as list from './list.ts';
import { poisson, shotNoise } from './shot-noise.ts';
import { speckleNoise } from './speckle-noise.ts';

/** Shapes in colours before a slope, so that everything that is done to it can be seen. */
function scene(channels: 1 | 3, height: number, width: number): Image {
  const pixels = Uint8Array.from({ length: channels * height * width }, (_, i) => {
    const [channel, y, x] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    const isDisk = (x / width - 0.4) ** 2 + (y / height - 0.45) ** 2 < 0.06;
    const isBar = Math.abs(y / height - 0.8) < 0.05 && x > width / 3;
    if (isDisk) return [200, 120, 40][channel] as number;
    if (isBar) return [30, 60, 160][channel] as number;
    return 70 + Math.floor((60 * (x + y)) / (height + width)) + 12 * channel + ((3 * x + 5 * y) % 7);
  });
  return { channels, height, width, pixels };
}

const flat = (level: number, side = 64): Image => ({
  channels: 3,
  height: side,
  width: side,
  pixels: new Uint8Array(3 * side * side).fill(level),
});

const apply = async (corruption: Corruption, image: Image, seed = 'test'): Promise<Image> =>
  corruption.apply(image, new Random(seed).fork(corruption.name).fork(corruption.options.severity));

function distance(a: Image, b: Image): number {
  let sum = 0;
  for (const [at, level] of a.pixels.entries()) sum += (level - (b.pixels[at] as number)) ** 2;
  return sum / a.pixels.length;
}

const moments = (values: ArrayLike<number>) => {
  const all = Array.from(values);
  const mean = all.reduce((sum, one) => sum + one, 0) / all.length;
  return { mean, deviation: Math.sqrt(all.reduce((sum, one) => sum + (one - mean) ** 2, 0) / all.length) };
};

const all = corruptionsOf('all');
const names = [...new Set(all.map(({ name }) => name))];

test('there are the fifteen of the benchmark, of which frost stands apart, and the four extra ones', () => {
  const of = (standing: Corruption['standing']) =>
    names.filter((name) => corruptions.find('test', name).from({}).standing === standing);
  expect(of('benchmark')).toHaveLength(14);
  expect(of('apart')).toEqual(['frost']);
  expect(of('extra').sort()).toEqual(['gaussianBlur', 'saturate', 'spatter', 'speckleNoise']);
});

test('each is a file and a line', () => {
  const files = readdirSync(new URL('.', import.meta.url));
  for (const name of Object.keys(list))
    expect(files).toContain(`${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`);
});

describe.each(names)('%s', (name) => {
  const at = (severity: number) => corruptions.find('test', name).from({ severity });

  it('keeps the size, leaves its argument alone, and gives the same for the same draws', async () => {
    for (const image of [scene(3, 32, 32), scene(1, 28, 28), scene(3, 72, 90), scene(1, 66, 70)])
      for (const severity of [1, 5]) {
        const before = image.pixels.slice();
        const made = await apply(at(severity), image);
        expect(made).toMatchObject({ channels: image.channels, height: image.height, width: image.width });
        expect(made.pixels).toHaveLength(image.pixels.length);
        expect(image.pixels).toEqual(before);
        expect((await apply(at(severity), image)).pixels).toEqual(made.pixels);
      }
  });

  it('changes more at severity 5 than at 1, at the size of CIFAR and of ImageNet', async () => {
    // what is paler at first and more colourful later, and what moves the whole at first and its parts later, have no order
    if (name === 'saturate' || name === 'elasticTransform') return;
    for (const image of [scene(3, 32, 32), scene(3, 224, 224)]) {
      const [weak, strong] = [await apply(at(1), image), await apply(at(5), image)];
      expect(distance(strong, image)).toBeGreaterThan(distance(weak, image));
    }
  });

  it('does well with images that are black, white, a pixel high or tiny', async () => {
    const images = [flat(0, 16), flat(255, 16), scene(1, 1, 9), scene(3, 5, 3), scene(3, 1, 1)];
    for (const image of images)
      for (const severity of severities)
        expect((await apply(at(severity), image)).pixels).toHaveLength(image.pixels.length);
  });
});

describe('the noise', () => {
  const middle = flat(128);
  const at = (index: number) => severities[index] as (typeof severities)[number];
  const shares = ({ pixels }: Image) => Array.from(pixels, (level) => (level + 0.5) / 255);

  it('of gaussianNoise has the published deviations', async () => {
    const published = { small: [0.04, 0.06, 0.08, 0.09, 0.1], large: [0.08, 0.12] };
    for (const [i, wanted] of published.small.entries()) {
      const { mean, deviation } = moments(shares(await apply(gaussianNoise({ severity: at(i) }), middle)));
      expect(mean).toBeCloseTo(128 / 255, 2);
      expect(deviation / wanted).toBeCloseTo(1, 1);
    }
    for (const [i, wanted] of published.large.entries()) {
      const noisy = await apply(gaussianNoise({ severity: at(i) }), flat(128, 100));
      expect(moments(shares(noisy)).deviation / wanted).toBeCloseTo(1, 1);
    }
  });

  it('of speckleNoise grows with the level', async () => {
    for (const level of [64, 128]) {
      const { deviation } = moments(shares(await apply(speckleNoise({ severity: 3 }), flat(level))));
      expect(deviation / ((0.12 * level) / 255)).toBeCloseTo(1, 1);
    }
  });

  it('of shotNoise has the variance of counted photons: their mean', async () => {
    for (const [i, photons] of [500, 250, 100, 75, 50].entries()) {
      const { mean, deviation } = moments(shares(await apply(shotNoise({ severity: at(i) }), middle)));
      expect(mean).toBeCloseTo(128 / 255, 2);
      expect(deviation ** 2 / (128 / 255 / photons)).toBeCloseTo(1, 0.8);
    }
  });

  it('of impulseNoise replaces the published share of levels, by full and empty ones equally', async () => {
    for (const [i, amount] of [0.01, 0.02, 0.03, 0.05, 0.07].entries()) {
      const { pixels } = await apply(impulseNoise({ severity: at(i) }), middle);
      const [full, empty] = [255, 0].map((level) => pixels.filter((one) => one === level).length / pixels.length);
      // three deviations of a share of 12,288 levels
      const margin = 3 * Math.sqrt(amount / 2 / pixels.length);
      for (const share of [full, empty]) expect(Math.abs((share as number) - amount / 2)).toBeLessThan(margin);
      expect(pixels.filter((one) => one !== 255 && one !== 0 && one !== 128)).toHaveLength(0);
    }
  });
});

test.each([0, 0.3, 4, 60, 500])('counts around %d are distributed as Poisson says', (expected) => {
  const random = new Random(`poisson ${expected}`);
  const draws = 20_000;
  const counts = new Map<number, number>();
  for (let i = 0; i < draws; i++) {
    const count = poisson(expected, random);
    counts.set(count, (counts.get(count) ?? 0) + 1);
  }
  // P(k) = λᵏ e^−λ / k!
  let logarithm = -expected;
  let below = 0;
  let found = 0;
  for (let k = 0; k <= expected + 6 * Math.sqrt(expected) + 3; k++) {
    if (k > 0) logarithm += Math.log(expected / k);
    below += expected === 0 ? Number(k === 0) : Math.exp(logarithm);
    found += (counts.get(k) ?? 0) / draws;
    // Kolmogorov and Smirnov, at a thousandth
    expect(Math.abs(found - below)).toBeLessThan(1.95 / Math.sqrt(draws));
  }
});

describe('what is asked for', () => {
  it('by names and categories comes in one order, each once, weakest first', () => {
    const chosen = corruptionsOf('fog, noise,gaussian-noise', [3, 1, 3]);
    expect(chosen.map(({ name, options }) => `${name} ${options.severity}`)).toEqual([
      'gaussianNoise 1',
      'gaussianNoise 3',
      'impulseNoise 1',
      'impulseNoise 3',
      'shotNoise 1',
      'shotNoise 3',
      'speckleNoise 1',
      'speckleNoise 3',
      'fog 1',
      'fog 3',
    ]);
    expect(all).toHaveLength(19 * 5);
  });

  it('and does not exist is refused with what is like it', () => {
    expect(() => corruptionsOf('fogg')).toThrow('did you mean fog');
    expect(() => corruptionsOf('rain')).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/noise, blur, weather, digital and all .*evaluate\(/) }),
    );
    expect(() => corruptionsOf('fog', [6])).toThrow('expected severities from 1 to 5, but got 6');
    expect(() => corruptionsOf('fog', [])).toThrow('but got none');
  });
});

test('an image that was normalised or has other channels is refused', () => {
  const two = { channels: 2, height: 1, width: 1, pixels: new Uint8Array(2) };
  expect(() => gaussianNoise().apply(two, new Random(0))).toThrow(
    'gaussianNoise: expected an image of 1 or 3 channels',
  );
});
