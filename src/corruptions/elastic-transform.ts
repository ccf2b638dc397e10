import type { Image } from '../data/index.ts';
import { defineCorruption, isSmall } from './corruption.ts';
import { bellBlurred } from './pixels/bell.ts';
import { displaced } from './pixels/displaced.ts';
import { imageFrom, planesOf, sharesOf } from './pixels/shares.ts';
import { affineFrom, type Point, turned } from './pixels/turned.ts';

/** Shares of the image's shorter side. */
interface Stretch {
  /** By how much pixels are moved, before the moves are smoothed. */
  readonly strength: number;
  /** Standard deviation of the bell that smooths them. */
  readonly sigma: number;
  /** How far each of three points that fix the image is moved, at most. */
  readonly corners: number;
}

const stretch = (strength: number, sigma: number, corners: number): Stretch => ({ strength, sigma, corners });

/** ImageNet-C's script counts 244 pixels for a side of 224. */
const publishedSide = 244 / 224;

/**
 * Stretched as rubber (Simard, Steinkraus and Platt 2003): three points move and the image with them, then each pixel by smoothed random moves. As
 * published, severities 1 and 2 move the whole more, and those above move parts of it.
 */
export const elasticTransform = defineCorruption({
  name: 'elasticTransform',
  aliases: ['elastic'],
  about: 'stretches parts, as of rubber',
  category: 'digital',
  large: [
    stretch(2, 0.7, 0.1),
    stretch(2, 0.08, 0.2),
    stretch(0.05, 0.01, 0.02),
    stretch(0.07, 0.01, 0.02),
    stretch(0.12, 0.01, 0.02),
  ],
  small: [
    stretch(0, 0, 0.08),
    stretch(0.05, 0.2, 0.07),
    stretch(0.08, 0.06, 0.06),
    stretch(0.1, 0.04, 0.05),
    stretch(0.1, 0.03, 0.03),
  ],
  apply(image, constants, random) {
    const signed = () => 2 * random.uniform() - 1;
    const area = image.height * image.width;
    return stretched(image, constants, {
      corners: Float64Array.from({ length: 6 }, signed),
      across: Float64Array.from({ length: area }, signed),
      down: Float64Array.from({ length: area }, signed),
    });
  },
});

/** Draws from −1 to 1. */
interface Draws {
  /** x and y of three points. */
  readonly corners: Float64Array;
  /** [height, width] */
  readonly across: Float64Array;
  readonly down: Float64Array;
}

export function stretched(image: Image, { strength, sigma, corners }: Stretch, draws: Draws): Image {
  const { height, width } = image;
  const side = Math.min(height, width) * (isSmall(image) ? 1 : publishedSide);
  const [middleX, middleY] = [Math.floor(width / 2), Math.floor(height / 2)];
  // of an image of two pixels, the points are still apart
  const third = Math.max(1, Math.floor(Math.min(height, width) / 3));
  const points: [Point, Point, Point] = [
    [middleX + third, middleY + third],
    [middleX + third, middleY - third],
    [middleX - third, middleY - third],
  ];
  const movedAs = ([x, y]: Point, i: number): Point => [
    x + side * corners * (draws.corners[2 * i] as number),
    y + side * corners * (draws.corners[2 * i + 1] as number),
  ];
  const moved: typeof points = [movedAs(points[0], 0), movedAs(points[1], 1), movedAs(points[2], 2)];
  const matrix = affineFrom(moved, points);
  const moves = (noise: Float64Array) => {
    const smooth = bellBlurred(noise, image, side * sigma, { reach: 3, border: 'halves' });
    return smooth.map((one) => side * strength * one);
  };
  const [byX, byY] = [moves(draws.across), moves(draws.down)];
  const shares = sharesOf(image);
  for (const plane of planesOf(image, shares)) plane.set(displaced(turned(plane, image, matrix), image, byX, byY));
  return imageFrom(image, shares);
}
