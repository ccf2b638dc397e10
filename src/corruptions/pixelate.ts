import { defineCorruption } from './corruption.ts';
import { boxScaled } from './pixels/box-scaled.ts';

/** Made smaller and large again, so that pixels are seen. The constants are the share of each side that is left between. */
export const pixelate = defineCorruption({
  name: 'pixelate',
  about: 'makes pixels large',
  category: 'digital',
  large: [0.6, 0.5, 0.4, 0.3, 0.25],
  small: [0.95, 0.9, 0.85, 0.75, 0.65],
  apply(image, share) {
    const least = (side: number) => Math.max(1, Math.trunc(side * share));
    return boxScaled(boxScaled(image, { height: least(image.height), width: least(image.width) }), image);
  },
});
