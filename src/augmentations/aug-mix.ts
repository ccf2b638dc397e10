import { defineAugmentation, type Image } from '../data/index.ts';
import { number, whole } from '../parts/index.ts';
import { affineOptions } from './affine-options.ts';
import { dirichlet } from './distributions.ts';
import { bitsFrom, choicesOf, drawn } from './operations.ts';

/** Of the ten steps of strength the paper has. */
const steps = 10;

/**
 * Several chains of operations, averaged with each other and with the image (Hendrycks et al. 2019, algorithm 1), in torchvision's ranges. The
 * paper's loss that holds the network's answers to each other is not part of it. @throws ConfigError
 */
export const augMix = defineAugmentation({
  name: 'augMix',
  about: 'averages several chains of operations',
  source: 'arXiv:1912.02781',
  options: {
    severity: whole({ about: 'strengths are drawn below this, of 10', from: 1, to: steps, default: 3 }),
    width: whole({ about: 'chains', from: 1, default: 3 }),
    depth: whole({ about: 'operations of a chain; −1: 1 to 3 by lot', from: -1, default: -1 }),
    alpha: number({ about: 'of the shares’ Dirichlet distributions', above: 0, default: 1 }),
    ...affineOptions('bilinear'),
  },
  make({ severity, width, depth, alpha, ...how }) {
    const bits = bitsFrom(4, 4, steps);
    return {
      apply(sample, random) {
        const { image } = sample;
        const reach = { shear: 0.3, across: image.width / 3, down: image.height / 3, degrees: 30, colour: 0.9 };
        const choices = choicesOf(reach, bits);
        const [ofImage = 0, ofChains = 0] = dirichlet([alpha, alpha], random);
        const shares = dirichlet(new Array<number>(width).fill(alpha), random);
        const sum = new Float32Array(image.pixels.length);
        add(sum, image.pixels, ofImage);
        for (const share of shares) {
          const length = depth > 0 ? depth : 1 + random.integer(3);
          let chain: Image = image;
          for (let i = 0; i < length; i++) chain = drawn(chain, choices, how, random, () => random.integer(severity));
          add(sum, chain.pixels, share * ofChains);
        }
        return { ...sample, image: { ...image, pixels: new Uint8Array(sum) } };
      },
    };
  },
});

function add(sum: Float32Array, pixels: Uint8Array, share: number): void {
  for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] as number) + share * (pixels[at] as number);
}
