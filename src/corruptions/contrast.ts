import { defineCorruption } from './corruption.ts';
import { eachPlane } from './pixels/shares.ts';

/** Each channel drawn to its mean. The constants are the share of the distance that is left. */
export const contrast = defineCorruption({
  name: 'contrast',
  about: 'takes contrast away',
  category: 'digital',
  large: [0.4, 0.3, 0.2, 0.1, 0.05],
  small: [0.75, 0.5, 0.4, 0.3, 0.15],
  apply: (image, left) =>
    eachPlane(image, (plane) => {
      const mean = plane.reduce((sum, share) => sum + share, 0) / plane.length;
      return plane.map((share) => (share - mean) * left + mean);
    }),
});
