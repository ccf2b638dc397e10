/** Changes of pixels and resampling beside torchvision's functions on PIL images, for fixed parameters. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { transformed } from '../src/augmentations/pixels/affine.ts';
import { contrast, greyed, saturation, sharpness } from '../src/augmentations/pixels/blend.ts';
import { blurred } from '../src/augmentations/pixels/gaussian.ts';
import { hueTurned } from '../src/augmentations/pixels/hue.ts';
import {
  autoContrasted,
  brightness,
  equalised,
  inverted,
  posterised,
  solarised,
} from '../src/augmentations/pixels/levels.ts';
import { inverseOf, rotation } from '../src/augmentations/pixels/matrix.ts';
import { type Image, type Interpolation, resample } from '../src/data/index.ts';
import { findTorchvision } from './find-torchvision.ts';

interface Stored extends Omit<Image, 'pixels'> {
  readonly pixels: string;
}

interface Case extends Omit<Stored, 'channels'> {
  readonly image: number;
  readonly name: string;
  readonly arguments: readonly unknown[];
}

interface Reference {
  readonly images: readonly Stored[];
  readonly cases: readonly Case[];
}

type Numbers = readonly [number, number, number, number];
type How = 'nearest' | 'bilinear';
const degreesOf = (share: unknown) => (Math.atan(share as number) * 180) / Math.PI;

/** By the names of pixels_golden.py, with its arguments. */
const operations: Readonly<Record<string, (image: Image, ...of: never[]) => Image>> = {
  brightness,
  contrast,
  saturation,
  sharpness,
  hue: hueTurned,
  grey: greyed,
  posterise: posterised,
  solarise: solarised,
  invert: inverted,
  autoContrast: autoContrasted,
  equalise: equalised,
  blur: blurred,
  rotate: (image, degrees: number, interpolation: How, fill: number) =>
    transformed(image, rotation(image, degrees), { interpolation, fill }),
  shear: (image, x: number, y: number, interpolation: How, fill: number) => {
    const matrix = inverseOf(image, { shear: [degreesOf(x), degreesOf(y)], centre: [0, 0] });
    return transformed(image, matrix, { interpolation, fill });
  },
  affine: (
    image,
    angle: number,
    translate: [number, number],
    scale: number,
    shear: [number, number],
    interpolation: How,
    fill: number,
  ) => transformed(image, inverseOf(image, { angle, translate, scale, shear }), { interpolation, fill }),
  resize: (image, [top, left, height, width]: Numbers, [rows, columns]: Numbers, how: Interpolation) =>
    resample(image, { top, left, height, width }, { height: rows, width: columns }, how),
};

/** Sums of fractions that are computed in another order may be rounded to the next level; all else is equal to the bit. */
const isNearly = ({ name, arguments: of }: Case): boolean =>
  name === 'blur' || (name !== 'resize' && of.includes('bilinear'));

/** What differs from the reference. */
function differences({ images, cases }: Reference): string[] {
  const inputs = images.map((image): Image => ({ ...image, pixels: bytesOf(image.pixels) }));
  return cases.flatMap((compared) => {
    const { image, name, arguments: of, height, width, pixels } = compared;
    const input = inputs[image] as Image;
    const expected = bytesOf(pixels);
    const result = operations[name]?.(input, ...(of as never[])) as Image;
    const title = `${name} ${JSON.stringify(of)} of [${input.channels}, ${input.height}, ${input.width}]`;
    if (result.height !== height || result.width !== width || result.pixels.length !== expected.length)
      return [`${title}: [${result.channels}, ${result.height}, ${result.width}] for [${height}, ${width}]`];
    const away = [...expected.keys()].map((i) => Math.abs((result.pixels[i] as number) - (expected[i] as number)));
    const allowed = isNearly(compared) ? 1 : 0;
    const wrong = away.filter((one) => one > allowed).length;
    return wrong > 0 ? [`${title}: ${wrong} levels of ${away.length}, by up to ${Math.max(...away)}`] : [];
  });
}

const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

it('changes pixels as torchvision and Pillow did when the reference was made', async () => {
  const golden = await readFile(new URL('pixels-golden.json', import.meta.url), 'utf8');
  const reference = JSON.parse(golden) as Reference;
  expect(new Set(reference.cases.map(({ name }) => name))).toEqual(new Set(Object.keys(operations)));
  expect(differences(reference)).toEqual([]);
});

const python = await findTorchvision();
if (python === undefined) console.warn('pixels.test.ts compares only with what is kept: torchvision is not installed');

describe.skipIf(python === undefined)('beside torchvision', () => {
  it('changes larger images, with more parameters, as it does', { timeout: 120_000 }, async () => {
    const script = fileURLToPath(new URL('pixels_golden.py', import.meta.url));
    const { stdout } = await promisify(execFile)(python as string, [script, 'large'], { maxBuffer: 2 ** 26 });
    expect(differences(JSON.parse(stdout) as Reference)).toEqual([]);
  });
});
