import { ConfigError } from '../tensor/index.ts';
import type { Augmentation } from './augmentation.ts';
import type { Image } from './dataset.ts';

/**
 * Mirrors left and right with the given probability, default 0.5.
 * @throws ConfigError where the probability is not in 0..1
 */
export function flip({ probability = 0.5 }: { readonly probability?: number } = {}): Augmentation {
  if (!(probability >= 0 && probability <= 1))
    throw new ConfigError(`flip: \`probability\` must be from 0 to 1, but is ${probability}`);
  return {
    name: 'flip',
    options: { probability },
    apply(sample, random) {
      return random.uniform() < probability ? { ...sample, image: mirror(sample.image) } : sample;
    },
  };
}

function mirror({ channels, height, width, pixels }: Image): Image {
  const mirrored = new Uint8Array(pixels.length);
  for (let start = 0; start < pixels.length; start += width)
    for (let x = 0; x < width; x++) mirrored[start + x] = pixels[start + width - 1 - x] as number;
  return { channels, height, width, pixels: mirrored };
}
