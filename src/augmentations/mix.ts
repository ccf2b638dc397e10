import { defineAugmentation } from '../data/index.ts';
import { number } from '../parts/index.ts';
import { boxesOfPairs, meanOfPairs } from './mixing.ts';

/** Each batch is mixed in one of two ways, by lot, as timm and torchvision's recipes have it: never in both. @throws ConfigError */
export const mix = defineAugmentation({
  name: 'mix',
  about: 'mixes each batch by means or by boxes, never both',
  source: 'arXiv:2110.00476',
  options: {
    boxes: number({
      about: 'share of the mixed batches that get a box of another image',
      from: 0,
      to: 1,
      default: 0.5,
    }),
    boxAlpha: number({ about: 'of the Beta distribution of the boxes’ area', above: 0, default: 1 }),
    meanAlpha: number({ about: 'of the Beta distribution of the means’ shares', above: 0, default: 0.2 }),
    probability: number({ about: 'of each batch', from: 0, to: 1, default: 1 }),
  },
  make: ({ boxes, boxAlpha, meanAlpha, probability }) => ({
    apply: (sample) => sample,
    mix(batch, random) {
      if (random.uniform() >= probability) return;
      if (random.uniform() < boxes) boxesOfPairs(batch, boxAlpha, random);
      else meanOfPairs(batch, meanAlpha, random);
    },
  }),
});
