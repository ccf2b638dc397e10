import { defineAugmentation, type Image } from '../data/index.ts';
import { whole } from '../parts/index.ts';

/**
 * Pads every side by `pad` pixels of value `fill` and crops the original size at a random place: the translation used for CIFAR since
 * Lee et al. 2015 (He et al. 2016, section 4.2, with 4 pixels). @throws ConfigError
 */
export const padCrop = defineAugmentation({
  name: 'padCrop',
  aliases: ['crop'],
  about: 'shifts by up to `pad` pixels each way',
  source: 'arXiv:1409.5185',
  options: {
    pad: whole({ about: 'pixels on every side', from: 1, default: 4 }),
    fill: whole({ about: 'level of the pixels that come in', from: 0, to: 255, default: 0 }),
  },
  make: ({ pad, fill }) => ({
    apply(sample, random) {
      const down = random.integer(2 * pad + 1) - pad;
      const right = random.integer(2 * pad + 1) - pad;
      return down === 0 && right === 0 ? sample : { ...sample, image: crop(sample.image, down, right, fill) };
    },
  }),
});

/** The window moved by (down, right): y(r, c) = x(r + down, c + right), `fill` outside. */
function crop({ channels, height, width, pixels }: Image, down: number, right: number, fill: number): Image {
  const moved = new Uint8Array(pixels.length);
  if (fill !== 0) moved.fill(fill);
  const firstRow = Math.max(0, -down);
  const lastRow = Math.min(height, height - down);
  const firstColumn = Math.max(0, -right);
  const lastColumn = Math.min(width, width - right);
  for (let channel = 0; channel < channels; channel++)
    for (let row = firstRow; row < lastRow; row++) {
      const to = (channel * height + row) * width;
      const from = to + down * width + right;
      for (let column = firstColumn; column < lastColumn; column++)
        moved[to + column] = pixels[from + column] as number;
    }
  return { channels, height, width, pixels: moved };
}
