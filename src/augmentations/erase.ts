import { type Augmentation, defineAugmentation, type Image } from '../data/index.ts';
import { choice, number, numbers } from '../parts/index.ts';
import type { Random } from '../tensor/index.ts';
import { between, expectRanges } from './ranges.ts';

/**
 * Random erasing (Zhong et al. 2017): a rectangle of random place, area and shape is overwritten, drawn as torchvision's RandomErasing
 * draws it; like there, an image for which ten tries do not fit stays whole. @throws ConfigError
 */
export const erase = defineAugmentation({
  name: 'erase',
  about: 'overwrites a random rectangle',
  source: 'arXiv:1708.04896',
  options: {
    probability: number({ about: 'of each image', from: 0, to: 1, default: 0.5 }),
    area: numbers({ about: 'least and largest share of the image', count: 2, above: 0, to: 1, default: [0.02, 0.33] }),
    aspect: numbers({ about: 'least and largest height over width', count: 2, above: 0, default: [0.3, 3.3] }),
    fill: choice(['noise', 'black', 'white'], {
      about: 'what stands there: a random level for each number, or one colour',
      default: 'noise',
    }),
  },
  make({ probability, area, aspect, fill }) {
    expectRanges('erase', { area, aspect });
    const apply: Augmentation['apply'] = (sample, random) => {
      if (random.uniform() >= probability) return sample;
      const rectangle = drawRectangle(sample.image, area, aspect, random);
      return rectangle ? { ...sample, image: erased(sample.image, rectangle, levels(fill, random)) } : sample;
    };
    return { apply };
  },
});

interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

const tries = 10;

function drawRectangle(
  { height, width }: Image,
  area: readonly number[],
  aspect: readonly number[],
  random: Random,
): Rectangle | undefined {
  const logarithms = aspect.map(Math.log);
  for (let i = 0; i < tries; i++) {
    const pixels = height * width * between(area, random);
    const ratio = Math.exp(between(logarithms, random));
    const size = { height: Math.round(Math.sqrt(pixels * ratio)), width: Math.round(Math.sqrt(pixels / ratio)) };
    if (size.height < 1 || size.width < 1 || size.height >= height || size.width >= width) continue;
    const [top, left] = [random.integer(height - size.height + 1), random.integer(width - size.width + 1)];
    return { top, left, ...size };
  }
  return undefined;
}

const levels = (fill: string, random: Random): (() => number) => {
  if (fill === 'noise') return () => random.integer(256);
  return () => (fill === 'black' ? 0 : 255);
};

function erased({ channels, height, width, pixels }: Image, place: Rectangle, level: () => number): Image {
  // not `slice`, which of a Buffer is the same memory
  const changed = new Uint8Array(pixels);
  for (let channel = 0; channel < channels; channel++)
    for (let row = place.top; row < place.top + place.height; row++) {
      const start = (channel * height + row) * width + place.left;
      for (let at = start; at < start + place.width; at++) changed[at] = level();
    }
  return { channels, height, width, pixels: changed };
}
