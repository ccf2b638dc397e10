import type { Image } from '../data/index.ts';
import { defineCorruption } from './corruption.ts';
import { lumaOf } from './pixels/colour.ts';
import { imageFrom, levelOf, sharesOf } from './pixels/shares.ts';
import { streaked } from './pixels/streaked.ts';
import { zoomed } from './pixels/zoomed.ts';

/** How it snows. */
interface Snowfall {
  /** Mean and standard deviation of the noise that flakes are made of. */
  readonly mean: number;
  readonly deviation: number;
  /** By what flakes are enlarged. */
  readonly size: number;
  /** What is below this is no flake. */
  readonly threshold: number;
  /** Of a flake's streak, in pixels. */
  readonly radius: number;
  readonly sigma: number;
  /** Share of the scene that is not whitened. */
  readonly kept: number;
}

const snowfall = (
  ...[mean, deviation, size, threshold, radius, sigma, kept]: readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
): Snowfall => ({ mean, deviation, size, threshold, radius, sigma, kept });

/** Flakes in streaks that fall by 45° to 135°, the same once more turned by 180°, on a scene that is whitened where it is bright. */
export const snow = defineCorruption({
  name: 'snow',
  about: 'lets it snow',
  category: 'weather',
  large: [
    snowfall(0.1, 0.3, 3, 0.5, 10, 4, 0.8),
    snowfall(0.2, 0.3, 2, 0.5, 12, 4, 0.7),
    snowfall(0.55, 0.3, 4, 0.9, 12, 8, 0.7),
    snowfall(0.55, 0.3, 4.5, 0.85, 12, 8, 0.65),
    snowfall(0.55, 0.3, 2.5, 0.85, 12, 12, 0.55),
  ],
  small: [
    snowfall(0.1, 0.2, 1, 0.6, 8, 3, 0.95),
    snowfall(0.1, 0.2, 1, 0.5, 10, 4, 0.9),
    snowfall(0.15, 0.3, 1.75, 0.55, 10, 4, 0.9),
    snowfall(0.25, 0.3, 2.25, 0.6, 12, 6, 0.85),
    snowfall(0.3, 0.3, 1.25, 0.65, 14, 12, 0.8),
  ],
  apply(image, constants, random) {
    const noise = Float64Array.from(
      { length: image.height * image.width },
      () => constants.mean + constants.deviation * random.normal(),
    );
    return snowed(image, constants, noise, 90 * random.uniform() - 135);
  },
});

/** @param noise [height, width] @param angle of the streaks in degrees */
export function snowed(
  image: Image,
  { size, threshold, radius, sigma, kept }: Omit<Snowfall, 'mean' | 'deviation'>,
  noise: Float64Array,
  angle: number,
): Image {
  const flakes = zoomed(noise, image, size).map((one) => (one < threshold ? 0 : one));
  const streaks = streaked(Uint8Array.from(flakes, levelOf), image, { radius, sigma, angle });
  const shares = sharesOf(image);
  const luma = lumaOf(image, shares);
  const last = noise.length - 1;
  return imageFrom(
    image,
    shares.map((share, at) => {
      const place = at % noise.length;
      const white = Math.max(share, 1.5 * (luma[place] as number) + 0.5);
      const falling = ((streaks[place] as number) + (streaks[last - place] as number)) / 255;
      return kept * share + (1 - kept) * white + falling;
    }),
  );
}
