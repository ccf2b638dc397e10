import { defineAugmentation } from '../data/index.ts';
import { whole } from '../parts/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { affineOptions } from './affine-options.ts';
import { bitsFrom, choicesOf, drawn } from './operations.ts';

/**
 * A few of 14 operations one after the other, all of one strength (Cubuk et al. 2019), in torchvision's ranges: translations go up to 150/331 of
 * the image. @throws ConfigError
 */
export const randAugment = defineAugmentation({
  name: 'randAugment',
  about: 'a few of 14 operations, all of one strength',
  source: 'arXiv:1909.13719',
  options: {
    operations: whole({ about: 'how many, one after the other', from: 1, default: 2 }),
    magnitude: whole({ about: 'how strong, from 0, fewer than `bins`', from: 0, default: 9 }),
    bins: whole({ about: 'steps of strength', from: 2, default: 31 }),
    ...affineOptions(),
  },
  make({ operations, magnitude, bins, ...how }) {
    if (magnitude >= bins)
      throw new ConfigError(
        `randAugment: \`magnitude\` must be less than the ${bins} \`bins\`, but is ${magnitude}`,
        `${bins - 1} is the strongest`,
      );
    const bits = bitsFrom(8, 4, bins);
    return {
      apply(sample, random) {
        const { height, width } = sample.image;
        const reach = {
          shear: 0.3,
          across: (150 / 331) * width,
          down: (150 / 331) * height,
          degrees: 30,
          colour: 0.9,
        };
        const choices = [{ name: 'identity' } as const, ...choicesOf(reach, bits)];
        let { image } = sample;
        for (let i = 0; i < operations; i++) image = drawn(image, choices, how, random, () => magnitude);
        return { ...sample, image };
      },
    };
  },
});
