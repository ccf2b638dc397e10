import { defineAugmentation, type Image } from '../data/index.ts';
import { number } from '../parts/index.ts';
import type { Random } from '../tensor/index.ts';
import { contrast, saturation } from './pixels/blend.ts';
import { hueTurned } from './pixels/hue.ts';
import { brightness } from './pixels/levels.ts';
import { between, upTo } from './ranges.ts';

const strength = (what: string) => number({ about: `${what} by a factor within so much of 1`, from: 0, default: 0.4 });

/**
 * Brightness, contrast, saturation and hue change by random amounts, in random order, as torchvision's ColorJitter; the defaults are timm's.
 * Grey images have only brightness and contrast. @throws ConfigError
 */
export const colourJitter = defineAugmentation({
  name: 'colourJitter',
  aliases: ['colorJitter', 'jitter'],
  about: 'changes brightness, contrast, saturation and hue, in random order',
  source: 'arXiv:1312.5402',
  options: {
    brightness: strength('changes brightness'),
    contrast: strength('changes contrast'),
    saturation: strength('changes saturation'),
    hue: number({ about: 'turns hues by up to this share of the circle', from: 0, to: 0.5, default: 0 }),
  },
  make(most) {
    const factor = (reach: number, random: Random) => between([Math.max(0, 1 - reach), 1 + reach], random);
    const changes: readonly [reach: number, change: (image: Image, random: Random) => Image][] = [
      [most.brightness, (image, random) => brightness(image, factor(most.brightness, random))],
      [most.contrast, (image, random) => contrast(image, factor(most.contrast, random))],
      [most.saturation, (image, random) => saturation(image, factor(most.saturation, random))],
      [most.hue, (image, random) => hueTurned(image, upTo(most.hue, random))],
    ];
    return {
      apply(sample, random) {
        let { image } = sample;
        for (const at of random.shuffle(changes.map((_, i) => i))) {
          const [reach, change] = changes[at] as (typeof changes)[number];
          if (reach > 0) image = change(image, random);
        }
        return { ...sample, image };
      },
    };
  },
});
