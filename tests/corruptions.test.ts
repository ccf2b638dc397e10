/** Corruptions beside what SciPy, scikit-image, OpenCV, Pillow and ImageMagick make of the same image with the same draws. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { nearerToMean } from '../src/corruptions/contrast.ts';
import { stretched } from '../src/corruptions/elastic-transform.ts';
import { fogged } from '../src/corruptions/fog.ts';
import { behindGlass } from '../src/corruptions/glass-blur.ts';
import { moved } from '../src/corruptions/motion-blur.ts';
import { bellBlurred } from '../src/corruptions/pixels/bell.ts';
import { boxScaled } from '../src/corruptions/pixels/box-scaled.ts';
import { inHsv } from '../src/corruptions/pixels/colour.ts';
import { correlated } from '../src/corruptions/pixels/correlated.ts';
import { disk } from '../src/corruptions/pixels/disk.ts';
import { plasmaMap } from '../src/corruptions/pixels/plasma.ts';
import { eachPlane } from '../src/corruptions/pixels/shares.ts';
import { snowed } from '../src/corruptions/snow.ts';
import { spattered } from '../src/corruptions/spatter.ts';
import { meanOfNearer } from '../src/corruptions/zoom-blur.ts';
import { decodeImage, encodeJpeg, type Image } from '../src/data/index.ts';

interface Golden {
  readonly side: number;
  readonly pixels: string;
  readonly cases: readonly { readonly name: string; readonly constants: readonly unknown[]; readonly pixels: string }[];
}

/** The generator of corruptions_golden.py. */
class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  uniform(): number {
    this.#state = (75 * this.#state + 74) % 65537;
    return this.#state / 65537;
  }

  signed(): number {
    return 2 * this.uniform() - 1;
  }

  /** Nearly normal. */
  bell(): number {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += this.uniform();
    return sum;
  }
}

const noiseOf = ({ height, width }: Image, mean: number, deviation: number, seed: number): Float64Array => {
  const draws = new Draws(seed);
  return Float64Array.from({ length: height * width }, () => mean + deviation * draws.bell());
};

/** By the names of corruptions_golden.py, with its constants. */
const corruptions: Readonly<Record<string, (image: Image, ...constants: never[]) => Image | Promise<Image>>> = {
  gaussian_blur: (image, sigma: number) => eachPlane(image, (plane) => bellBlurred(plane, image, sigma)),
  defocus_blur: (image, radius: number, softness: number) =>
    eachPlane(image, (plane) => correlated(plane, image, disk(radius, softness))),
  glass_blur: (image, sigma: number, reach: number, passes: number, seed: number) => {
    const draws = new Draws(seed);
    return behindGlass(image, { sigma, reach, passes }, (far) => Math.floor(2 * far * draws.uniform()) - far);
  },
  motion_blur: (image, radius: number, sigma: number, angle: number) => moved(image, { radius, sigma, angle }),
  zoom_blur: meanOfNearer,
  fog: (image, thickness: number, decay: number, seed: number) => {
    const draws = new Draws(seed);
    const map = plasmaMap(32, decay, () => draws.uniform());
    const rows = Array.from({ length: image.height }, (_, y) => [...map.subarray(y * 32, y * 32 + image.width)]);
    return fogged(image, thickness, Float64Array.from(rows.flat()));
  },
  snow: (
    image,
    ...[mean, deviation, size, threshold, radius, sigma, kept, angle, seed]: [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ]
  ) => snowed(image, { size, threshold, radius, sigma, kept }, noiseOf(image, mean, deviation, seed), angle),
  spatter: (
    image,
    ...[liquid, mean, deviation, sigma, threshold, strength, seed]: [
      'water' | 'mud',
      number,
      number,
      number,
      number,
      number,
      number,
    ]
  ) => spattered(image, { liquid, sigma, threshold, strength }, noiseOf(image, mean, deviation, seed)),
  contrast: nearerToMean,
  brightness: (image, added: number) => inHsv(image, (saturation, value) => [saturation, Math.min(1, value + added)]),
  saturate: (image, factor: number, summand: number) =>
    inHsv(image, (saturation, value) => [Math.min(1, saturation * factor + summand), value]),
  jpeg_compression: async (image, quality: number) =>
    decodeImage(await encodeJpeg(image, quality), { ...image, channels: 3 }),
  pixelate: (image, share: number) => {
    const few = Math.trunc(image.height * share);
    return boxScaled(boxScaled(image, { height: few, width: few }), image);
  },
  elastic_transform: (image, strength: number, sigma: number, corners: number, seed: number) => {
    const draws = new Draws(seed);
    const signed = (length: number) => Float64Array.from({ length }, () => draws.signed());
    const area = image.height * image.width;
    return stretched(
      image,
      { strength, sigma, corners },
      { corners: signed(6), across: signed(area), down: signed(area) },
    );
  },
};

const { side, pixels, cases }: Golden = JSON.parse(
  await readFile(new URL('corruptions-golden.json', import.meta.url), 'utf8'),
);
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const image: Image = { channels: 3, height: side, width: side, pixels: bytes(pixels) };

/** Levels that may differ: of JPEG since encoders do, of the rest since sums in another order may be cut off to another level. */
const tolerance = (name: string) => (name === 'jpeg_compression' ? 3 : 1);

/**
 * The share of levels that may: those whose exact value is a whole number are cut off to it or to the one below. OpenCV has large kernels in another
 * domain, so that in what is flat all are so.
 */
const mostOff = (name: string) => (name === 'defocus_blur' ? 0.1 : 0.02);

describe('corruptions as the published scripts define them', () => {
  it.each(cases.map((one) => [`${one.name}(${one.constants.join(', ')})`, one] as const))(
    '%s',
    async (_, { name, constants, pixels: expected }) => {
      const made = await corruptions[name]?.(image, ...(constants as never[]));
      const wanted = bytes(expected);
      const differences = wanted.map((level, at) => Math.abs(level - (made?.pixels[at] as number)));
      const off = differences.filter((difference) => difference > 0).length;
      expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance(name));
      if (name !== 'jpeg_compression') expect(off).toBeLessThan(mostOff(name) * wanted.length);
    },
  );
});
