/** The size of a run's images, which its network is built for: all of them have it. */
import {
  type Augmentation,
  type Dataset,
  firstReadable,
  type Sample,
  type Splits,
  whatResizes,
} from '../data/index.ts';
import type { ImageSize } from '../nn/index.ts';
import { ConfigError, formatShape, Random, sameShape } from '../tensor/index.ts';

/** Of the first image. @throws ConfigError where another size was asked for */
export async function imageSizeOf(
  { train }: Splits,
  asked: number | undefined,
  onBadImage: 'stop' | 'skip',
): Promise<ImageSize> {
  const { channels, height, width } = (await sampleOf(train, onBadImage)).image;
  if (asked !== undefined && asked !== height)
    throw new ConfigError(
      `train: an image size of ${asked} was asked for, but the images of ${train.name} are ${height}×${width}`,
      'only images from a folder are scaled; leave `imageSize` (--image-size) out',
    );
  return { channels, height, width };
}

/** One that shows the size of all. */
const sampleOf = async (dataset: Dataset, onBadImage: 'stop' | 'skip'): Promise<Sample> =>
  (await firstReadable(dataset, onBadImage)).sample;

/** Draws for one sample: what an augmentation does to the size, it does soon. */
const trials = 16;

/** @throws ConfigError where an augmentation, or another split, has images of another size than the network is built for */
export async function expectSizeKept(
  { train, validation, test }: Splits,
  image: ImageSize,
  augment: readonly Augmentation[],
  seed: number,
  onBadImage: 'stop' | 'skip',
): Promise<void> {
  const sample = await sampleOf(train, onBadImage);
  const random = new Random(seed).fork('size');
  for (let trial = 0; trial < trials && augment.length > 0; trial++) {
    const cause = whatResizes(augment, sample, random.fork(trial));
    if (cause === undefined) continue;
    throw new ConfigError(
      `train: ${cause}, but the network is built for images as they are in ${train.name}`,
      'let the augmentation crop or scale to the size that it was given; to train at another size, give data of that size',
    );
  }
  for (const split of [validation, test]) {
    if (!split || split.length === 0) continue;
    const { channels, height, width } = (await sampleOf(split, onBadImage)).image;
    if (sameShape([channels, height, width], [image.channels, image.height, image.width])) continue;
    throw new ConfigError(
      `train: images of ${train.name} are ${formatShape([image.channels, image.height, image.width])}, but those of ${split.name} are ${formatShape([channels, height, width])}`,
      'give all splits the same size',
    );
  }
}
