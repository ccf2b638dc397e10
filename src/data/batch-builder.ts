/** One batch from samples: read, augment, normalise through a table per channel, write to its row. */
import { DataError, formatShape, Random } from '../tensor/index.ts';
import { type Augmentation, augmented, describeImage, isSized, whatResizes } from './augmentation.ts';
import type { Dataset, Image, Normalisation, Sample } from './dataset.ts';
import { normalisationTables, normalise } from './normalisation.ts';

/** What a training step or an evaluation is fed. */
export interface Batch {
  /** Position in the epoch, from 0. */
  readonly index: number;
  /** [batchSize, channels, height, width], normalised. */
  readonly images: Float32Array;
  /** [batchSize]. */
  readonly labels: Int32Array;
  /** [batchSize, classes]: the share of each class; of a dataset with soft labels. */
  readonly targets?: Float32Array;
  /** [batchSize]: 1 for real samples, 0 for those that only fill up the last batch. */
  readonly weights: Float32Array;
  /** Real samples; they come first. */
  readonly count: number;
}

/** Which samples, in which order, and what happens to them. */
export interface BatchSource {
  readonly dataset: Dataset;
  /** Indices into the dataset, for example `shuffledOrder(…)`. */
  readonly order: ArrayLike<number>;
  readonly batchSize: number;
  /** Applied one after the other, default none. */
  readonly augment?: readonly Augmentation[];
  readonly normalisation: Normalisation;
  /** Of the augmentation, default 0. */
  readonly seed?: number;
  /** Default 0. */
  readonly epoch?: number;
  /** What all images must be after augmentation; default: what the first sample then is. */
  readonly image?: Omit<Image, 'pixels'>;
}

/**
 * A function from a batch's position in the epoch to the batch. A sample's augmentation depends on seed, epoch and its index in
 * the dataset alone.
 */
export async function batchBuilder(source: BatchSource): Promise<(index: number) => Promise<Batch>> {
  const { dataset, order, batchSize, augment = [], seed = 0, epoch = 0 } = source;
  const randomOfEpoch = new Random(seed).fork('augment').fork(epoch);

  const augmentedAs = (sample: Sample, datasetIndex: number): Sample =>
    augment.length === 0 ? sample : augmented(augment, sample, randomOfEpoch.fork(datasetIndex));

  const firstIndex = order[0] as number;
  const model = source.image ?? augmentedAs(await dataset.read(firstIndex), firstIndex).image;
  const size = model.channels * model.height * model.width;
  const tables = normalisationTables(source.normalisation, model.channels);

  const place = (batch: Batch, row: number, datasetIndex: number, read: Sample): void => {
    const { image, label, targets } = augmentedAs(read, datasetIndex);
    if (!isSized(image, model)) {
      const cause = isSized(read.image, model)
        ? whatResizes(augment, read, randomOfEpoch.fork(datasetIndex))
        : undefined;
      const wanted = `${formatShape([model.channels, model.height, model.width])}${source.image ? '' : ` as sample ${firstIndex}`}`;
      throw new DataError(
        `batches: expected all samples to be ${wanted}, but sample ${datasetIndex} is ` +
          `${describeImage(image)} (dataset \`${dataset.name}\`)${cause === undefined ? '' : `: ${cause}`}`,
        cause === undefined
          ? 'resize images to one size when they are read; imageFolder does so with `size`'
          : 'let the augmentation always crop or scale to the size that it was given',
      );
    }
    if (!(Number.isInteger(label) && label >= 0 && label < dataset.classes.length))
      throw new DataError(
        `batches: expected labels from 0 to ${dataset.classes.length - 1}, but sample ${datasetIndex} has ${label} ` +
          `(dataset \`${dataset.name}\`)`,
      );
    batch.labels[row] = label;
    if (batch.targets) batch.targets.set(shares(dataset, datasetIndex, label, targets), row * dataset.classes.length);
    normalise(image.pixels, tables, batch.images, row * size);
  };

  const readInto = (batch: Batch, row: number, datasetIndex: number): void | Promise<void> => {
    const read = dataset.read(datasetIndex);
    if ('then' in read) return read.then((sample) => place(batch, row, datasetIndex, sample));
    place(batch, row, datasetIndex, read);
  };

  return async (index) => {
    const start = index * batchSize;
    const count = Math.min(batchSize, order.length - start);
    const batch: Batch = {
      index,
      images: new Float32Array(batchSize * size),
      labels: new Int32Array(batchSize),
      ...(dataset.softLabels && { targets: new Float32Array(batchSize * dataset.classes.length) }),
      weights: new Float32Array(batchSize).fill(1, 0, count),
      count,
    };
    const reads: Promise<void>[] = [];
    for (let row = 0; row < batchSize; row++) {
      // past the end the epoch's first samples fill up, without weight
      const datasetIndex = order[(start + row) % order.length] as number;
      const reading = readInto(batch, row, datasetIndex);
      if (reading) reads.push(reading);
    }
    await allSettled(reads);
    return batch;
  };
}

/** The targets of a sample, or its label as such. @throws DataError where they are no shares */
function shares({ name, classes }: Dataset, index: number, label: number, targets?: ArrayLike<number>): Float32Array {
  if (targets === undefined) return Float32Array.from(classes, (_, at) => (at === label ? 1 : 0));
  const numbers = Float32Array.from(targets);
  if (numbers.length !== classes.length || !numbers.every((share) => share >= 0 && share <= 1))
    throw new DataError(
      `batches: expected ${classes.length} shares from 0 to 1 as \`targets\`, but sample ${index} has [${Array.from(targets).slice(0, 8).join(', ')}] ` +
        `(dataset \`${name}\`)`,
    );
  return numbers;
}

/** Waits for all, so that no read goes on behind an error's back, then throws the first error. */
async function allSettled(reads: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(reads)) if (result.status === 'rejected') throw result.reason;
}
