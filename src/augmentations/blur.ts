import { defineAugmentation, type Image } from '../data/index.ts';
import { number, numbers, optional, whole } from '../parts/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { blurred } from './pixels/gaussian.ts';
import { between, expectRanges } from './ranges.ts';

/** Gaussian blur as torchvision's GaussianBlur, with the kernel and the probability of Chen et al. 2020, appendix A. @throws ConfigError */
export const blur = defineAugmentation({
  name: 'blur',
  aliases: ['gaussianBlur'],
  about: 'blurs by a Gaussian kernel',
  source: 'arXiv:2002.05709',
  options: {
    probability: number({ about: 'of each image', from: 0, to: 1, default: 0.5 }),
    sigma: numbers({ about: 'least and largest width of the bell in pixels', count: 2, above: 0, default: [0.1, 2] }),
    kernel: optional(whole({ about: 'pixels of its side, odd; without it a tenth of the shorter side', from: 1 })),
  },
  make({ probability, sigma, kernel }) {
    expectRanges('blur', { sigma });
    if (kernel !== undefined && kernel % 2 === 0)
      throw new ConfigError(
        `blur: \`kernel\` must be odd, so that it has a middle, but is ${kernel}`,
        `use ${kernel + 1}`,
      );
    return {
      apply(sample, random) {
        if (random.uniform() >= probability) return sample;
        return {
          ...sample,
          image: blurred(sample.image, kernel ?? tenthOf(sample.image), between(sigma, random)),
        };
      },
    };
  },
});

/** The odd number next to a tenth of the shorter side. */
const tenthOf = ({ height, width }: Image): number => Math.max(3, 2 * Math.floor(Math.min(height, width) / 20) + 1);
