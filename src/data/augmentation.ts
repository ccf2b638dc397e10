import { definePart, type Named, type Options, type Part, type PartRecord } from '../parts/index.ts';
import { formatShape, type Random } from '../tensor/index.ts';
import type { Image, Sample } from './dataset.ts';
import type { Box, Extent } from './resample.ts';
import type { Interpolation } from './scaling.ts';

/** A random change to training samples. `name` and `options` are recorded with the run, so that it can be repeated. */
export interface Augmentation extends Named {
  /** A changed sample, or the same one; never modifies its argument and draws only from `random`. In training the last one's images must have the size of the data's. */
  apply(sample: Sample, random: Random): Sample;
  /** What `apply` does, where it cuts a box out of the image and scales that: of a file, the first one cuts from the picture as it is there. */
  readonly crop?: Crop;
  /** Changes the samples of a batch by each other, when all are ready. */
  mix?(batch: MixedBatch, random: Random): void;
  /** Another order of an epoch's samples, of the same length; a sample may come several times, and is changed differently each time. */
  reorder?(order: Uint32Array, random: Random): Uint32Array;
}

/** A box of an image becomes the whole sample. */
export interface Crop {
  /** Draws only from `random`. @returns whole pixels within the image */
  box(image: Extent, sample: Extent, random: Random): Box;
  readonly interpolation: Interpolation;
}

/** A batch that `mix` changes in place. */
export interface MixedBatch extends Extent {
  readonly channels: number;
  /** [count, channels, height, width], normalised. */
  readonly images: Float32Array;
  /** [count, classes]: the share of each class. */
  readonly targets: Float32Array;
  readonly count: number;
}

/** An augmentation from its record. */
export const defineAugmentation = <Own extends Options>(
  record: PartRecord<Augmentation, Own>,
): Part<Augmentation, Own> => definePart(record);

/** Where the first augmentation that changes single samples cuts a box out of them: which that is. */
export function cropAt(augment: readonly Augmentation[]): number | undefined {
  const first = augment.findIndex(({ mix, reorder }) => !mix && !reorder);
  return augment[first]?.crop ? first : undefined;
}

/** Where augmentations draw from: each from a stream of its own, or, as earlier versions had it, all one after the other from one. */
export type Draws = 'each' | 'shared';

/** What the augmentation at `at` draws from, of a sample's stream: whatever others there are, its numbers are the same. */
export function streamOf(augment: readonly Augmentation[], at: number, sample: Random, draws: Draws): Random {
  if (draws === 'shared') return sample;
  const { name } = augment[at] as Augmentation;
  const before = augment.slice(0, at).filter((other) => other.name === name).length;
  return sample.fork(before === 0 ? name : `${name} ${before + 1}`);
}

/** One after the other, from the one at `from` on. */
export function augmented(
  augment: readonly Augmentation[],
  sample: Sample,
  random: Random,
  { draws = 'each', from = 0 }: { readonly draws?: Draws; readonly from?: number } = {},
): Sample {
  let result = sample;
  for (let at = from; at < augment.length; at++)
    result = (augment[at] as Augmentation).apply(result, streamOf(augment, at, random, draws));
  return result;
}

/** Which augmentations are why the last image has another size than the first, and what each made: '`zoom` makes …'; undefined where it has not. */
export function whatResizes(augment: readonly Augmentation[], sample: Sample, random: Random): string | undefined {
  const causes: string[] = [];
  let before = sample;
  for (const [at, augmentation] of augment.entries()) {
    const after = augmentation.apply(before, streamOf(augment, at, random, 'each'));
    if (!isSized(after.image, before.image))
      causes.push(`\`${augmentation.name}\` makes ${describeImage(after.image)} of ${describeImage(before.image)}`);
    before = after;
  }
  return isSized(before.image, sample.image) ? undefined : `the augmentation ${causes.join(', and ')}`;
}

/** An image's extents. */
type Size = Omit<Image, 'pixels'>;

/** Whether an image has this size, and as many pixels. */
export const isSized = (image: Image, { channels, height, width }: Size): boolean =>
  image.channels === channels &&
  image.height === height &&
  image.width === width &&
  image.pixels.length === channels * height * width;

/** `[3, 32, 32]`, and how many bytes it has, where that is another number. */
export function describeImage({ channels, height, width, pixels }: Image): string {
  const bytes = pixels.length === channels * height * width ? '' : ` with ${pixels.length} bytes`;
  return `${formatShape([channels, height, width])}${bytes}`;
}
