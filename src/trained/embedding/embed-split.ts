/** Runs a whole split through a network as far as its features: a row of numbers for each image. */
import type { Dataset, Normalisation } from '../../data/index.ts';
import type { Executable } from '../../engines/index.ts';
import { type BadImage, batches, type Pipeline } from '../../pipeline/index.ts';
import { DataError, sizeOf, type Tensor, tensor } from '../../tensor/index.ts';
import { indicesIn } from '../batch-indices.ts';

/** The features of images, a row each. */
export interface Embedded {
  /** [images, width]. */
  readonly features: Float32Array;
  /** Numbers of a row. */
  readonly width: number;
  /** [images]: indices into the dataset's classes. */
  readonly labels: Int32Array;
  /** [images]: which samples they are, in the dataset's order; those that could not be read are left out. */
  readonly indices: Uint32Array;
}

export interface EmbedSplitOptions {
  readonly executable: Executable;
  /** The entry point: input `image`, output `features` [N, …], of which each image's numbers become a row. */
  readonly entry: string;
  /** Of the entry's image: [N, C, H, W]. */
  readonly imageShape: readonly number[];
  readonly dataset: Dataset;
  readonly normalisation: Normalisation;
  /** What prepares the images; default: the thread of the caller. */
  readonly pipeline?: Pick<Pipeline, 'batches'> | undefined;
  /** Ends it after the batch under way. */
  readonly signal?: AbortSignal | undefined;
  /** Hears of an image that cannot be read, which is then left out; without it the error is thrown. */
  readonly onBadImage?: ((bad: BadImage) => void | Promise<void>) | undefined;
  /** Hears how many images are done, those that are left out among them. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * The features of every sample of `dataset` that is not left out, without augmentation, all in memory.
 * @throws DataError, also where all are left out; the signal's reason where it came before the end
 */
export function embedSplit(options: EmbedSplitOptions): Promise<Embedded> {
  return joinedRows(embeddedBatches(options), options.dataset.length);
}

/** Batches of at most `length` rows together, as one. */
export async function joinedRows(batches: AsyncIterable<Embedded>, length: number): Promise<Embedded> {
  const labels = new Int32Array(length);
  const indices = new Uint32Array(length);
  let features = new Float32Array(0);
  let [width, rows] = [0, 0];
  for await (const batch of batches) {
    if (rows === 0) {
      width = batch.width;
      features = new Float32Array(length * width);
    }
    features.set(batch.features, rows * width);
    labels.set(batch.labels, rows);
    indices.set(batch.indices, rows);
    rows += batch.labels.length;
  }
  // no copy: rows that were left out only leave room at the end
  return {
    features: features.subarray(0, rows * width),
    width,
    labels: labels.subarray(0, rows),
    indices: indices.subarray(0, rows),
  };
}

/**
 * The same batch by batch, so that memory does not grow with the dataset; a batch may be used until the next one is asked for.
 * @throws while iterating, as `embedSplit`
 */
export async function* embeddedBatches(options: EmbedSplitOptions): AsyncGenerator<Embedded, void, undefined> {
  const { executable, entry, imageShape, dataset, normalisation, signal, onBadImage, onProgress } = options;
  const { pipeline = { batches } } = options;
  const [batchSize, channels, height, width] = imageShape as [number, number, number, number];
  const order = Uint32Array.from({ length: dataset.length }, (_, i) => i);
  const source = { dataset, order, batchSize, normalisation, image: { channels, height, width } };
  let rows = 0;
  for await (const batch of pipeline.batches({ ...source, onBadImage: onBadImage ? 'leave out' : 'stop' })) {
    signal?.throwIfAborted();
    for (const bad of batch.bad ?? []) await onBadImage?.(bad);
    const { count } = batch;
    if (count > 0) {
      const outputs = await executable.run(entry, new Map([['image', tensor('float32', imageShape, batch.images)]]));
      const { shape, data } = outputs.get('features') as Tensor<'float32'>;
      const each = sizeOf(shape.slice(1));
      yield {
        features: data.subarray(0, count * each),
        width: each,
        labels: batch.labels.subarray(0, count),
        indices: Uint32Array.from(indicesIn(batch, batchSize, { from: 0, to: dataset.length })),
      };
      rows += count;
    }
    onProgress?.(Math.min((batch.index + 1) * batchSize, dataset.length), dataset.length);
  }
  if (rows === 0 && dataset.length > 0)
    throw new DataError(
      `embed: expected images of ${dataset.name} that can be read, but of ${dataset.length} none is`,
      'skein data DATA lists what is wrong with each',
    );
}
