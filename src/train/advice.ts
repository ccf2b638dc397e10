/** What to begin with on data that nobody knows: a network, the size of its images, and how long it trains. */
import { type DataReading, type DataSource, type Extent2d, findData, someImages } from '../data/index.ts';
import { isWithinReach } from '../hub/index.ts';
import { publishedWeights } from '../models/index.ts';
import { fineTuning } from './fine-tuning/index.ts';
import type { TrainOptions } from './train-options.ts';

/** What the images are like. */
export interface ImagesKind {
  /** As most of them are. */
  readonly size: Extent2d;
  /** Whether they are scaled to whatever size a run asks for. */
  readonly isScaled: boolean;
}

/** The choices of a run that begins well. */
export interface Advice {
  /** A name from `skein models`. */
  readonly model: string;
  /** Height and width that images are scaled to; undefined where they have one size. */
  readonly imageSize: number | undefined;
  readonly epochs: number;
  readonly weights: 'imagenet' | 'none';
  /** How it goes on from the weights. */
  readonly fineTune: 'all' | undefined;
}

/** Pixels of the shorter side up to which images are small: the networks for CIFAR see all of them. */
const small = 64;
/** What a pretrained network was trained on, and the least that its five halvings leave something of. */
const pretrained = { most: 224, least: 96, step: 32 };

/**
 * Photographs go on from ImageNet's weights where those can be had: a few hundred images teach little else. Without them, and for small images, a
 * network for CIFAR trains in minutes.
 */
export function adviceFor({ size, isScaled }: ImagesKind, hasWeights: boolean): Advice {
  const side = Math.min(size.height, size.width);
  if (side > small && isScaled && hasWeights) {
    const whole = Math.floor(side / pretrained.step) * pretrained.step;
    const imageSize = Math.min(pretrained.most, Math.max(pretrained.least, whole));
    return { model: 'resnet18', imageSize, epochs: 10, weights: 'imagenet', fineTune: 'all' };
  }
  const imageSize = isScaled ? (side <= small / 2 ? small / 2 : small) : undefined;
  return { model: 'resnet20', imageSize, epochs: 30, weights: 'none', fineTune: undefined };
}

/** Whether the weights that `adviceFor` would begin with are here or can be downloaded. */
export const hasPretrained = (): Promise<boolean> => isWithinReach(publishedWeights('resnet18').source);

/**
 * What the images of a dataset are like, told by some of them.
 * @throws DataError where there is no dataset, or none of its images can be read
 */
export async function imagesKind(source: DataSource, reading: DataReading = {}): Promise<ImagesKind> {
  return someImages(await findData(source, { ...reading, size: small }));
}

/** The advice as options of `train`. */
export const adviceOptions = ({ model, imageSize, epochs, weights, fineTune }: Advice): Omit<TrainOptions, 'data'> => ({
  ...{ model, epochs, weights },
  ...(imageSize !== undefined && { imageSize }),
  ...(fineTune && { fineTune: fineTuning[fineTune]() }),
});
