import { defineAugmentation, type Image } from '../data/index.ts';
import { number } from '../parts/index.ts';

/** Mirrors top and bottom with the given probability: for pictures without an up, as from above or through a microscope. @throws ConfigError */
export const verticalFlip = defineAugmentation({
  name: 'verticalFlip',
  aliases: ['vflip'],
  about: 'mirrors top and bottom',
  options: { probability: number({ about: 'of each image', from: 0, to: 1, default: 0.5 }) },
  make: ({ probability }) => ({
    apply: (sample, random) => (random.uniform() < probability ? { ...sample, image: mirror(sample.image) } : sample),
  }),
});

function mirror({ channels, height, width, pixels }: Image): Image {
  const mirrored = new Uint8Array(pixels.length);
  for (let channel = 0; channel < channels; channel++)
    for (let row = 0; row < height; row++) {
      const from = (channel * height + row) * width;
      mirrored.set(pixels.subarray(from, from + width), (channel * height + height - 1 - row) * width);
    }
  return { channels, height, width, pixels: mirrored };
}
