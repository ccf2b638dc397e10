/** What is known of the steps of some epochs: enough to tell whether their times say anything. */
import type { ImageSize } from '../nn/index.ts';
import type { EpochEvent } from './events.ts';
import { type Settings, stepsPerEpoch } from './settings.ts';

/** Of the training steps alone. */
export interface StepFacts {
  readonly perEpoch: number;
  /** Epochs that were measured. */
  readonly epochs: number;
  /** That all of their steps took, waiting included. */
  readonly seconds: number;
  /** What the network sees of each image. */
  readonly image: ImageSize;
  /** The mean of the image files; absent where images are not files, or too many to look. */
  readonly fileBytes?: number;
}

/** @param epochs of this run, as they were measured */
export function stepFacts(settings: Settings, epochs: readonly Pick<EpochEvent, 'imagesPerSecond'>[]): StepFacts {
  const { image, splits, dataRecord } = settings;
  // an epoch that only had its validation left has no speed
  const speeds = epochs.map(({ imagesPerSecond }) => imagesPerSecond).filter((speed) => speed > 0);
  const sizes = dataRecord?.sizes ?? [];
  return {
    perEpoch: stepsPerEpoch(settings),
    epochs: speeds.length,
    seconds: speeds.reduce((sum, speed) => sum + splits.train.length / speed, 0),
    image: { channels: image.channels, height: image.height, width: image.width },
    ...(sizes.length > 0 && { fileBytes: sizes.reduce((sum, size) => sum + size, 0) / sizes.length }),
  };
}
