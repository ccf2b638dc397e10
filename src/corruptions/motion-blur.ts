import type { Image } from '../data/index.ts';
import { defineCorruption } from './corruption.ts';
import { planesOf } from './pixels/shares.ts';
import { type Motion, streaked } from './pixels/streaked.ts';

/** A camera that moves, by −45° to 45° off the horizontal. The constants are radius and standard deviation of the streak in pixels. */
export const motionBlur = defineCorruption<readonly [radius: number, sigma: number]>({
  name: 'motionBlur',
  about: 'moves the camera meanwhile',
  category: 'blur',
  large: [
    [10, 3],
    [15, 5],
    [15, 8],
    [15, 12],
    [20, 15],
  ],
  small: [
    [6, 1],
    [6, 1.5],
    [6, 2],
    [8, 2],
    [9, 2.5],
  ],
  apply: (image, [radius, sigma], random) => moved(image, { radius, sigma, angle: 90 * random.uniform() - 45 }),
});

/** All channels along the same streaks. */
export function moved(image: Image, motion: Motion): Image {
  const pixels = new Uint8Array(image.pixels.length);
  const targets = planesOf(image, pixels);
  for (const [channel, plane] of planesOf(image, image.pixels).entries())
    targets[channel]?.set(streaked(plane, image, motion));
  return { ...image, pixels };
}
