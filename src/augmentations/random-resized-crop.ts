import type { Box, Extent } from '../data/index.ts';
import { defineAugmentation } from '../data/index.ts';
import { numbers } from '../parts/index.ts';
import type { Random } from '../tensor/index.ts';
import { cropping, interpolationOption } from './cropping.ts';
import { between, expectRanges } from './ranges.ts';

/**
 * A box of random area and shape becomes the whole image (Szegedy et al. 2014, section 6), drawn as torchvision's RandomResizedCrop draws it:
 * where ten tries do not fit, the largest box of a shape in range, at the centre. @throws ConfigError
 */
export const randomResizedCrop = defineAugmentation({
  name: 'randomResizedCrop',
  aliases: ['rrc'],
  about: 'scales a box of random area and shape to the size of the image',
  source: 'arXiv:1409.4842',
  options: {
    scale: numbers({ about: 'least and largest share of the image', count: 2, above: 0, to: 1, default: [0.08, 1] }),
    ratio: numbers({
      about: 'least and largest width over height',
      count: 2,
      above: 0,
      default: [0.75, 1.3333],
    }),
    interpolation: interpolationOption,
  },
  make({ scale, ratio, interpolation }) {
    expectRanges('randomResizedCrop', { scale, ratio });
    return cropping({ interpolation, box: (image, _, random) => drawBox(image, scale, ratio, random) });
  },
});

const tries = 10;

function drawBox(image: Extent, scale: readonly number[], ratio: readonly number[], random: Random): Box {
  const logarithms = ratio.map(Math.log);
  for (let i = 0; i < tries; i++) {
    const area = image.height * image.width * between(scale, random);
    const shape = Math.exp(between(logarithms, random));
    const [height, width] = [Math.round(Math.sqrt(area / shape)), Math.round(Math.sqrt(area * shape))];
    if (!(width > 0 && width <= image.width && height > 0 && height <= image.height)) continue;
    return {
      top: random.integer(image.height - height + 1),
      left: random.integer(image.width - width + 1),
      height,
      width,
    };
  }
  return central(image, ratio);
}

function central(image: Extent, [narrowest = 1, widest = 1]: readonly number[]): Box {
  const shape = image.width / image.height;
  const height = shape < narrowest ? Math.max(1, Math.round(image.width / narrowest)) : image.height;
  const width = shape > widest ? Math.max(1, Math.round(image.height * widest)) : image.width;
  return { top: (image.height - height) >> 1, left: (image.width - width) >> 1, height, width };
}
