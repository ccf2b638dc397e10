import { defineAugmentation } from '../data/index.ts';
import { number } from '../parts/index.ts';
import { meanOfPairs } from './mixing.ts';

/** Means of pairs of images, and of their labels (Zhang et al. 2017). Of a run, one augmentation mixes: `mix` takes turns. @throws ConfigError */
export const mixup = defineAugmentation({
  name: 'mixup',
  about: 'means of pairs of images, and of their labels',
  source: 'arXiv:1710.09412',
  options: {
    alpha: number({ about: 'of the Beta distribution of the shares', above: 0, default: 0.2 }),
    probability: number({ about: 'of each batch', from: 0, to: 1, default: 1 }),
  },
  make: ({ alpha, probability }) => ({
    apply: (sample) => sample,
    mix(batch, random) {
      if (random.uniform() < probability) meanOfPairs(batch, alpha, random);
    },
  }),
});
