/** Training images as the network sees them: each original beside what the augmentation makes of it, epoch after epoch. */
import {
  type Augmentation,
  chosenSamples,
  classSharesOf,
  contactSheet,
  type Dataset,
  type Normalisation,
  type SampleSheet,
  type SheetPicture,
  subset,
} from '../data/index.ts';
import { ConfigError, DataError } from '../tensor/index.ts';
import { batches } from './batches.ts';
import { imageOf } from './seen-image.ts';

/** Options of `augmentedSheet`. */
export interface AugmentedSheetOptions {
  /** As a run would have it. */
  readonly augment: readonly Augmentation[];
  readonly normalisation: Normalisation;
  /** Epochs that are shown; default 8. */
  readonly epochs?: number;
  /** Which images, and of the augmentation; default 0. */
  readonly seed?: number;
}

/** So many show what mixing does; of few classes there are several images each. */
const leastRows = 8;
/** As many go through the pipeline together. */
const batchSize = 32;

/**
 * A PNG with a row for an image of each class: the original on the left, then what the batches of the first epochs have of it. Where classes
 * are mixed, the shares of each stand below.
 * @throws ConfigError where `epochs` is not a whole number of at least 1, or the sheet would be too large; DataError where no image can be read
 */
export async function augmentedSheet(dataset: Dataset, options: AugmentedSheetOptions): Promise<SampleSheet> {
  const { augment, normalisation, epochs = 8, seed = 0 } = options;
  if (!(Number.isSafeInteger(epochs) && epochs >= 1))
    throw new ConfigError(
      `augmentedSheet: \`epochs\` must be a whole number of at least 1, but is ${epochs}`,
      'leave it out for 8',
    );
  const { classes } = dataset;
  const chosen = await chosenSamples(dataset, Math.ceil(leastRows / classes.length), seed);
  const samples = chosen.flatMap((of, label) => of.map((sample) => ({ ...sample, label })));
  const image = samples[0]?.image;
  if (!image) throw new DataError(`augmentedSheet: there is no image of ${dataset.name} that can be read`);
  const rows = samples.map(({ label, image }) => ({
    label: classes[label] as string,
    pictures: [{ image }] as SheetPicture[],
  }));
  const source = {
    dataset: subset(
      dataset,
      samples.map(({ index }) => index),
    ),
    order: [...samples.keys()],
    batchSize: Math.min(batchSize, samples.length),
    // each row keeps its image, whichever come again in an epoch
    augment: augment.filter(({ reorder }) => !reorder),
    normalisation,
    seed,
    image,
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    for await (const { index, images, targets, count } of batches({ ...source, epoch, prefetch: 0 }))
      for (let row = 0; row < count; row++) {
        const shares = targets ? classSharesOf(targets, row, classes.length) : [];
        const caption = shares.slice(0, 3).map(({ label, share }) => `${Number(share.toFixed(2))} ${classes[label]}`);
        rows[index * source.batchSize + row]?.pictures.push({
          image: imageOf(images, row, image, normalisation),
          ...(shares.length > 1 && { caption }),
        });
      }
  }
  const heads = ['original', ...Array.from({ length: epochs }, (_, epoch) => `epoch ${epoch + 1}`)];
  return contactSheet(rows, { across: 1 + epochs, heads, apart: 1 });
}
