import { defineAugmentation, type Image } from '../data/index.ts';
import { number } from '../parts/index.ts';

/** Mirrors left and right with the given probability. @throws ConfigError where it is not in 0..1 */
export const flip = defineAugmentation({
  name: 'flip',
  about: 'mirrors left and right',
  options: { probability: number({ about: 'of each image', from: 0, to: 1, default: 0.5 }) },
  make: ({ probability }) => ({
    apply: (sample, random) => (random.uniform() < probability ? { ...sample, image: mirror(sample.image) } : sample),
  }),
});

function mirror({ channels, height, width, pixels }: Image): Image {
  // not `slice`, which of a Buffer is the same memory
  const mirrored = new Uint8Array(pixels);
  for (let start = 0; start < pixels.length; start += width) mirrored.subarray(start, start + width).reverse();
  return { channels, height, width, pixels: mirrored };
}
