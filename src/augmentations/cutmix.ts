import { defineAugmentation } from '../data/index.ts';
import { number } from '../parts/index.ts';
import { boxesOfPairs } from './mixing.ts';

/** A box of one image in another, and labels shared by area (Yun et al. 2019). Of a run, one augmentation mixes: `mix` takes turns. @throws ConfigError */
export const cutmix = defineAugmentation({
  name: 'cutmix',
  about: 'a box of one image in another, and labels shared by area',
  source: 'arXiv:1905.04899',
  options: {
    alpha: number({ about: 'of the Beta distribution of the area', above: 0, default: 1 }),
    probability: number({ about: 'of each batch', from: 0, to: 1, default: 1 }),
  },
  make: ({ alpha, probability }) => ({
    apply: (sample) => sample,
    mix(batch, random) {
      if (random.uniform() < probability) boxesOfPairs(batch, alpha, random);
    },
  }),
});
