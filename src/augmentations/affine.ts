import { defineAugmentation } from '../data/index.ts';
import { number, numbers } from '../parts/index.ts';
import { affineOptions } from './affine-options.ts';
import { transformed } from './pixels/affine.ts';
import { inverseOf } from './pixels/matrix.ts';
import { between, expectRanges, upTo } from './ranges.ts';

/** Turns, moves, scales and shears, all at once, as torchvision's RandomAffine. @throws ConfigError */
export const affine = defineAugmentation({
  name: 'affine',
  about: 'turns, moves, scales and shears',
  options: {
    degrees: number({ about: 'the largest angle, either way', from: 0, to: 180, default: 10 }),
    translate: numbers({
      about: 'the furthest across and down, as shares of width and height',
      count: 2,
      from: 0,
      to: 1,
      default: [0.1, 0.1],
    }),
    scale: numbers({ about: 'least and largest factor', count: 2, above: 0, default: [0.9, 1.1] }),
    shear: numbers({
      about: 'the most degrees across and down, either way',
      count: 2,
      from: 0,
      below: 90,
      default: [10, 0],
    }),
    ...affineOptions(),
  },
  make({ degrees, translate, scale, shear, ...how }) {
    expectRanges('affine', { scale });
    const [across = 0, down = 0] = translate;
    const [shearAcross = 0, shearDown = 0] = shear;
    return {
      apply(sample, random) {
        const { image } = sample;
        const matrix = inverseOf(image, {
          angle: upTo(degrees, random),
          translate: [Math.round(upTo(across * image.width, random)), Math.round(upTo(down * image.height, random))],
          scale: between(scale, random),
          shear: [upTo(shearAcross, random), upTo(shearDown, random)],
        });
        return { ...sample, image: transformed(image, matrix, how) };
      },
    };
  },
});
