import type { Box, Extent } from '../data/index.ts';
import { defineAugmentation } from '../data/index.ts';
import { number, optional, whole } from '../parts/index.ts';
import type { Random } from '../tensor/index.ts';
import { cropping, interpolationOption } from './cropping.ts';

/**
 * Scales the image so that it covers the sample and a margin, and cuts the sample out at a random place (Krizhevsky et al. 2012;
 * Simonyan and Zisserman 2014, section 3.1): every box has the sample's shape, and all have one size. @throws ConfigError
 */
export const resizeCrop = defineAugmentation({
  name: 'resizeCrop',
  about: 'scales to a little more than the size of the image, and crops there at random',
  source: 'arXiv:1409.1556',
  options: {
    share: number({
      about: 'how much larger than the sample, where `size` does not say it: 256 for 224',
      from: 1,
      default: 1.143,
    }),
    size: optional(whole({ about: 'pixels of the shorter side after scaling, at least the sample’s', from: 1 })),
    interpolation: interpolationOption,
  },
  make: ({ share, size, interpolation }) =>
    cropping({ interpolation, box: (image, sample, random) => drawBox(image, sample, share, size, random) }),
});

function drawBox(image: Extent, sample: Extent, share: number, size: number | undefined, random: Random): Box {
  // pixels of the image for one of the sample, where it is just covered
  const most = Math.min(image.height / sample.height, image.width / sample.width);
  const step = size === undefined ? most / share : Math.min(image.height, image.width) / size;
  const side = (of: 'height' | 'width') =>
    Math.max(1, Math.min(image[of], Math.round(sample[of] * Math.min(step, most))));
  const [height, width] = [side('height'), side('width')];
  const [top, left] = [random.integer(image.height - height + 1), random.integer(image.width - width + 1)];
  return { top, left, height, width };
}
