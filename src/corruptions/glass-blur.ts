import type { Image } from '../data/index.ts';
import type { Random } from '../tensor/index.ts';
import { defineCorruption } from './corruption.ts';
import { bellBlurred } from './pixels/bell.ts';
import { eachPlane } from './pixels/shares.ts';

/** How a pane of frosted glass scatters. */
interface Glass {
  /** Standard deviation of the bell before and after, in pixels. */
  readonly sigma: number;
  /** How far away a pixel takes its colour from, at most. */
  readonly reach: number;
  readonly passes: number;
}

const glass = (sigma: number, reach: number, passes: number): Glass => ({ sigma, reach, passes });

/**
 * As behind frosted glass: blurred, then each pixel takes the colour of one near by, from the lower right on, then blurred again. The paper has pixels
 * exchanged; the published script, and so its images, have the one copied over the other, as here.
 */
export const glassBlur = defineCorruption({
  name: 'glassBlur',
  about: 'scatters pixels, as frosted glass does',
  category: 'blur',
  large: [glass(0.7, 1, 2), glass(0.9, 2, 1), glass(1, 2, 3), glass(1.1, 3, 2), glass(1.5, 4, 2)],
  small: [glass(0.05, 1, 1), glass(0.25, 1, 1), glass(0.4, 1, 1), glass(0.25, 1, 2), glass(0.4, 1, 2)],
  apply: (image, constants, random) => behindGlass(image, constants, (reach) => stepWithin(reach, random)),
});

/** A step of −reach..reach − 1 pixels: as published, never as far to the right or down as to the left or up. */
const stepWithin = (reach: number, random: Random): number => random.integer(2 * reach) - reach;

/** @param step draws how far away, first across, then down */
export function behindGlass(image: Image, { sigma, reach, passes }: Glass, step: (reach: number) => number): Image {
  const blurred = eachPlane(image, (plane) => bellBlurred(plane, image, sigma));
  const { channels, height, width, pixels } = blurred;
  const area = height * width;
  for (let pass = 0; pass < passes; pass++)
    for (let y = height - reach; y > reach; y--)
      for (let x = width - reach; x > reach; x--) {
        const across = step(reach);
        const to = y * width + x;
        const from = to + step(reach) * width + across;
        for (let plane = 0; plane < channels * area; plane += area) pixels[plane + to] = pixels[plane + from] as number;
      }
  return eachPlane(blurred, (plane) => bellBlurred(plane, image, sigma));
}
