/** An augmentation of one's own in a module: a random box of the image becomes the whole sample. */
import { type Crop, defineAugmentation, resample } from '../src/data/index.ts';

const crop: Crop = {
  box({ height, width }, _, random) {
    const side = 1 + random.integer(Math.min(height, width));
    return {
      top: random.integer(height - side + 1),
      left: random.integer(width - side + 1),
      height: side,
      width: side,
    };
  },
  interpolation: 'bilinear',
};

export const cutOut = defineAugmentation({
  name: 'cutOut',
  about: 'a random square becomes the sample',
  options: {},
  make: () => ({
    crop,
    apply: ({ image, ...rest }, random) => ({
      ...rest,
      image: resample(image, crop.box(image, image, random), image, crop.interpolation),
    }),
  }),
});
