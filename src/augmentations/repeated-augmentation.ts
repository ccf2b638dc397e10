import { defineAugmentation } from '../data/index.ts';
import { whole } from '../parts/index.ts';

/**
 * Each sample of an epoch comes several times in a row, each time changed differently (Hoffer et al. 2019; Touvron et al. 2020 with 3); the
 * epoch has as many steps as without, so it sees only its first samples, others each time. @throws ConfigError
 */
export const repeatedAugmentation = defineAugmentation({
  name: 'repeatedAugmentation',
  aliases: ['repeat'],
  about: 'each sample several times in a batch, and fewer samples in an epoch',
  source: 'arXiv:1901.09335',
  options: { times: whole({ about: 'how often each comes', from: 2, default: 3 }) },
  make: ({ times }) => ({
    apply: (sample) => sample,
    reorder: (order) => order.map((_, position) => order[Math.floor(position / times)] as number),
  }),
});
