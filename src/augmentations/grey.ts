import { defineAugmentation } from '../data/index.ts';
import { number } from '../parts/index.ts';
import { greyed } from './pixels/blend.ts';

/** Takes the colours away with the given probability, as torchvision's RandomGrayscale (Chen et al. 2020, appendix A). @throws ConfigError */
export const grey = defineAugmentation({
  name: 'grey',
  aliases: ['gray', 'greyscale', 'grayscale'],
  about: 'takes the colours away',
  source: 'arXiv:2002.05709',
  options: { probability: number({ about: 'of each image', from: 0, to: 1, default: 0.1 }) },
  make: ({ probability }) => ({
    apply: (sample, random) => (random.uniform() < probability ? { ...sample, image: greyed(sample.image) } : sample),
  }),
});
