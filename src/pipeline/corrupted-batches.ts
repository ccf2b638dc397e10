/** A dataset's images, each read once and corrupted in every way that is asked for. */
import type { Corruption } from '../corruptions/index.ts';
import { type Dataset, describeImage, type Image, idOf, isSized, type Normalisation } from '../data/index.ts';
import { DataError, formatShape } from '../tensor/index.ts';
import { CorruptionPool } from './corruption-pool.ts';
import { preparedAhead } from './prepared-ahead.ts';
import { expectLabel } from './sample-labels.ts';

/** Options of `corruptedBatches`. */
export interface CorruptedBatchesOptions {
  readonly dataset: Dataset;
  readonly corruptions: readonly Corruption[];
  readonly batchSize: number;
  /** What images are: the network's size. */
  readonly image: Omit<Image, 'pixels'>;
  readonly normalisation: Normalisation;
  /** Of what corruptions draw. */
  readonly seed: number;
  /** Threads that corrupt; 0: the thread of the caller. Changes no number. */
  readonly workers: number;
  /** Whether an image that cannot be read is an error, or left out. */
  readonly onBadImage: 'stop' | 'skip';
}

/** Images that one corruption was done to. */
export interface CorruptedBatch {
  /** Which, in the list. */
  readonly corruption: number;
  /** [batchSize, channels, height, width], normalised; of the rows behind `labels` nobody knows what they hold. */
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

/** What was read of a batch. */
interface Part {
  readonly levels: Uint8Array;
  readonly labels: Int32Array;
  readonly ids: readonly string[];
}

/**
 * Batch after batch in the dataset's order, and of each one corruption after the other; a batch may be used until the next one is asked for.
 * @throws DataError while iterating, where an image cannot be read or has another size
 */
export async function* corruptedBatches(
  options: CorruptedBatchesOptions,
): AsyncGenerator<CorruptedBatch, void, undefined> {
  const { dataset, corruptions, batchSize, image, normalisation, seed, workers } = options;
  const pool = new CorruptionPool(workers);
  const spare: Float32Array[] = [];
  const length = batchSize * image.channels * image.height * image.width;
  let part: { index: number; read: Promise<Part> } | undefined;
  const partAt = (index: number): Promise<Part> => {
    // they are asked for in order
    if (part?.index !== index) part = { index, read: readPart(options, index * batchSize) };
    return part.read;
  };
  const build = async (position: number): Promise<CorruptedBatch> => {
    const corruption = position % corruptions.length;
    const { levels, labels, ids } = await partAt(Math.floor(position / corruptions.length));
    const images = spare.pop() ?? pool.room(length);
    const job = { levels, image, ids, normalisation, seed };
    if (ids.length > 0) await pool.run(job, corruptions[corruption] as Corruption, images);
    return { corruption, images, labels };
  };
  const total = Math.ceil(dataset.length / batchSize) * corruptions.length;
  try {
    yield* preparedAhead(build, { from: 0, total, prefetch: workers + 1 }, ({ images }) => void spare.push(images));
  } finally {
    await pool.close();
  }
}

async function readPart(options: CorruptedBatchesOptions, from: number): Promise<Part> {
  const { dataset, batchSize, image, onBadImage } = options;
  const indices = Array.from({ length: Math.min(batchSize, dataset.length - from) }, (_, i) => from + i);
  const samples = await Promise.all(
    indices.map(async (index) => {
      try {
        return { index, sample: await dataset.read(index) };
      } catch (error) {
        if (onBadImage === 'stop' || !(error instanceof DataError)) throw error;
        return undefined;
      }
    }),
  );
  const read = samples.filter((one) => one !== undefined);
  const length = image.channels * image.height * image.width;
  const levels = new Uint8Array(new SharedArrayBuffer(read.length * length));
  for (const [row, { index, sample }] of read.entries()) {
    if (!isSized(sample.image, image))
      throw new DataError(
        `corruptions: expected all images to be ${formatShape([image.channels, image.height, image.width])}, but ${idOf(dataset, index)} is ${describeImage(sample.image)} (dataset \`${dataset.name}\`)`,
        'resize images to one size when they are read; imageFolder does so with `size`',
      );
    expectLabel(dataset, index, sample.label);
    levels.set(sample.image.pixels, row * length);
  }
  return {
    levels,
    labels: Int32Array.from(read, ({ sample }) => sample.label),
    ids: read.map(({ index }) => idOf(dataset, index)),
  };
}
