import type { Image } from '../data/index.ts';
import { defineCorruption } from './corruption.ts';
import { eachPlane } from './pixels/shares.ts';

/** Each channel drawn to its mean. The constants are the share of the distance that is left. */
export const contrast = defineCorruption({
  name: 'contrast',
  about: 'takes contrast away',
  category: 'digital',
  large: [0.4, 0.3, 0.2, 0.1, 0.05],
  small: [0.75, 0.5, 0.4, 0.3, 0.15],
  apply: (image, left) => nearerToMean(image, left),
});

/** @param left share of the distance to its mean that each level keeps */
export const nearerToMean = (image: Image, left: number): Image =>
  eachPlane(image, (plane) => {
    const mean = plane.reduce((sum, share) => sum + share, 0) / plane.length;
    return plane.map((share) => (share - mean) * left + mean);
  });
