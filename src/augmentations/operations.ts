/** The operations that RandAugment, TrivialAugment and AugMix draw from, each with one number that says how strong it is, as torchvision has them. */
import type { Image } from '../data/index.ts';
import type { Random } from '../tensor/index.ts';
import { type AffineOptions, transformed } from './pixels/affine.ts';
import { contrast, saturation, sharpness } from './pixels/blend.ts';
import { autoContrasted, brightness, equalised, posterised, solarised } from './pixels/levels.ts';
import { type AffineChange, inverseOf, rotation } from './pixels/matrix.ts';

type Apply = (image: Image, magnitude: number, how: AffineOptions) => Image;

const moved = (image: Image, change: AffineChange, how: AffineOptions): Image =>
  transformed(image, inverseOf(image, change), how);

const degreesOf = (tangent: number): number => (Math.atan(tangent) * 180) / Math.PI;

/** What each does; shears are tangents and keep the upper left corner, translations pixels, angles degrees; colour operations add to a factor of 1. */
const operations = {
  identity: (image) => image,
  shearX: (image, tangent, how) => moved(image, { shear: [degreesOf(tangent), 0], centre: [0, 0] }, how),
  shearY: (image, tangent, how) => moved(image, { shear: [0, degreesOf(tangent)], centre: [0, 0] }, how),
  translateX: (image, pixels, how) => moved(image, { translate: [Math.trunc(pixels), 0] }, how),
  translateY: (image, pixels, how) => moved(image, { translate: [0, Math.trunc(pixels)] }, how),
  turn: (image, degrees, how) => transformed(image, rotation(image, degrees), how),
  brightness: (image, change) => brightness(image, 1 + change),
  saturation: (image, change) => saturation(image, 1 + change),
  contrast: (image, change) => contrast(image, 1 + change),
  sharpness: (image, change) => sharpness(image, 1 + change),
  posterise: (image, bits) => posterised(image, bits),
  solarise: (image, threshold) => solarised(image, threshold),
  autoContrast: (image) => autoContrasted(image),
  equalise: (image) => equalised(image),
} satisfies Readonly<Record<string, Apply>>;

export type OperationName = keyof typeof operations;

/** One of the operations that may be drawn. */
export interface Choice {
  readonly name: OperationName;
  /** By strength, the weakest first; none where it has only one. */
  readonly magnitudes?: ArrayLike<number>;
  /** Whether either sign is drawn. */
  readonly isSigned?: true;
}

/** Draws an operation, its sign, and by `strength` which magnitude; and applies it. */
export function drawn(
  image: Image,
  choices: readonly Choice[],
  how: AffineOptions,
  random: Random,
  strength: () => number,
): Image {
  const { name, magnitudes, isSigned } = choices[random.integer(choices.length)] as Choice;
  const magnitude = magnitudes ? (magnitudes[strength()] as number) : 0;
  return operations[name](image, isSigned && random.integer(2) === 1 ? -magnitude : magnitude, how);
}

/** So many numbers from the one to the other, both included. */
export const evenly = (from: number, to: number, count: number): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => from + (to - from) * (count === 1 ? 0 : i / (count - 1)));

/** Bits that are kept, falling from `most` by up to `fewer`; halves are rounded to even, as torch rounds. */
export const bitsFrom = (most: number, fewer: number, count: number): Float64Array =>
  evenly(0, fewer, count).map((less) => most - (less % 2 === 0.5 ? Math.floor(less) : Math.round(less)));

/** The choices that all three have; those that bend, turn and colour are signed. */
export function choicesOf(
  reach: Readonly<Record<'shear' | 'across' | 'down' | 'degrees' | 'colour', number>>,
  bits: Float64Array,
): Choice[] {
  const signed = (most: number, ...names: OperationName[]): Choice[] =>
    names.map((name) => ({ name, magnitudes: evenly(0, most, bits.length), isSigned: true }));
  return [
    ...signed(reach.shear, 'shearX', 'shearY'),
    ...signed(reach.across, 'translateX'),
    ...signed(reach.down, 'translateY'),
    ...signed(reach.degrees, 'turn'),
    ...signed(reach.colour, 'brightness', 'saturation', 'contrast', 'sharpness'),
    { name: 'posterise', magnitudes: bits },
    { name: 'solarise', magnitudes: evenly(255, 0, bits.length) },
    { name: 'autoContrast' },
    { name: 'equalise' },
  ];
}
