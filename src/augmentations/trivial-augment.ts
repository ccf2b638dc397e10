import { defineAugmentation } from '../data/index.ts';
import { whole } from '../parts/index.ts';
import { affineOptions } from './affine-options.ts';
import { bitsFrom, choicesOf, drawn } from './operations.ts';

/** One of 14 operations, of any strength (Müller and Hutter 2021), in the paper's wide ranges; nothing to tune. @throws ConfigError */
export const trivialAugment = defineAugmentation({
  name: 'trivialAugment',
  aliases: ['trivialAugmentWide'],
  about: 'one of 14 operations, of any strength',
  source: 'arXiv:2103.10158',
  options: {
    bins: whole({ about: 'steps of strength', from: 2, default: 31 }),
    ...affineOptions(),
  },
  make({ bins, ...how }) {
    const reach = { shear: 0.99, across: 32, down: 32, degrees: 135, colour: 0.99 };
    const choices = [{ name: 'identity' } as const, ...choicesOf(reach, bitsFrom(8, 6, bins))];
    return {
      apply: (sample, random) => ({
        ...sample,
        image: drawn(sample.image, choices, how, random, () => random.integer(bins)),
      }),
    };
  },
});
