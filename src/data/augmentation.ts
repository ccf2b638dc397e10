import { definePart, type Named, type Options, type Part, type PartRecord } from '../parts/index.ts';
import { formatShape, type Random } from '../tensor/index.ts';
import type { Image, Sample } from './dataset.ts';

/** A random change to training samples. `name` and `options` are recorded with the run, so that it can be repeated. */
export interface Augmentation extends Named {
  /** A changed sample, or the same one; never modifies its argument and draws only from `random`. In training the last one's images must have the size of the data's. */
  apply(sample: Sample, random: Random): Sample;
}

/** An augmentation from its record. */
export const defineAugmentation = <Own extends Options>(
  record: PartRecord<Augmentation, Own>,
): Part<Augmentation, Own> => definePart(record);

/** One after the other, each drawing from the same stream. */
export const augmented = (augment: readonly Augmentation[], sample: Sample, random: Random): Sample =>
  augment.reduce((result, augmentation) => augmentation.apply(result, random), sample);

/** Which augmentations are why the last image has another size than the first, and what each made: '`zoom` makes …'; undefined where it has not. */
export function whatResizes(augment: readonly Augmentation[], sample: Sample, random: Random): string | undefined {
  const causes: string[] = [];
  let before = sample;
  for (const augmentation of augment) {
    const after = augmentation.apply(before, random);
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
