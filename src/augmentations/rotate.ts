import { defineAugmentation } from '../data/index.ts';
import { number } from '../parts/index.ts';
import { affineOptions } from './affine-options.ts';
import { transformed } from './pixels/affine.ts';
import { rotation } from './pixels/matrix.ts';
import { upTo } from './ranges.ts';

/** Turns round the centre, as torchvision's RandomRotation. @throws ConfigError */
export const rotate = defineAugmentation({
  name: 'rotate',
  about: 'turns by a random angle',
  options: {
    degrees: number({ about: 'the largest angle, either way', from: 0, to: 180, default: 15 }),
    ...affineOptions(),
  },
  make: ({ degrees, ...how }) => ({
    apply: (sample, random) => {
      const matrix = rotation(sample.image, upTo(degrees, random));
      return { ...sample, image: transformed(sample.image, matrix, how) };
    },
  }),
});
