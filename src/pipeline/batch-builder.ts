/** One batch from samples: rows in their order, labels and weights beside them, then what changes samples by each other. */
import {
  type Augmentation,
  type Dataset,
  type Draws,
  type Image,
  type Normalisation,
  streamOf,
} from '../data/index.ts';
import { ConfigError, DataError } from '../tensor/index.ts';
import { leaveOut, replaceRows } from './bad-images.ts';
import type { BadImage, Batch, BatchArrays, Filler, Row } from './batch.ts';
import { epochStream } from './streams.ts';

/** Which samples, in which order, and what happens to them. */
export interface BatchSource {
  readonly dataset: Dataset;
  /** Indices into the dataset, for example `shuffledOrder(…)`. */
  readonly order: ArrayLike<number>;
  readonly batchSize: number;
  /** Where each batch is a part of a larger one: of how many images, and from which row on; default: it is none. */
  readonly part?: { readonly from: number; readonly of: number } | undefined;
  /** Applied one after the other, default none. */
  readonly augment?: readonly Augmentation[];
  readonly normalisation: Normalisation;
  /** Of the augmentation, default 0. */
  readonly seed?: number;
  /** Default 0. */
  readonly epoch?: number;
  /** What all images must be after augmentation; default: what the first sample then is. */
  readonly image?: Omit<Image, 'pixels'>;
  /** Where augmentations draw from, default each from a stream of its own. */
  readonly draws?: Draws;
  /**
   * What becomes of an image that cannot be read: an error (the default), or its place is taken by another one of its batch, or it is left
   * out, so that the batch has fewer.
   */
  readonly onBadImage?: 'stop' | 'replace' | 'leave out';
}

/** A function from a batch's position in the epoch to the batch. */
export function batchBuilder(source: BatchSource, filler: Filler): (index: number) => Promise<Batch> {
  const { dataset, batchSize, augment = [], seed = 0, epoch = 0, draws = 'each', onBadImage = 'stop' } = source;
  const { from, of } = source.part ?? { from: 0, of: batchSize };
  const { channels, height, width } = filler.image;
  const size = channels * height * width;
  const classes = dataset.classes.length;
  const ofEpoch = epochStream(seed, epoch);
  const order = reordered(source);
  const repeats = repeatsOf(order);
  const mixes = augment.flatMap(({ mix }, at) => (mix ? [{ mix, at }] : []));
  const isSoft = dataset.softLabels === true || mixes.length > 0;

  return async (index) => {
    const start = index * of + from;
    const count = Math.max(0, Math.min(batchSize, order.length - start));
    const arrays: BatchArrays = {
      images: filler.room(batchSize * size),
      labels: new Int32Array(batchSize),
      ...(isSoft && { targets: new Float32Array(batchSize * classes) }),
    };
    // past the end the epoch's first samples fill up, without weight
    const rows = Array.from({ length: batchSize }, (_, row): Row => {
      const position = (start + row) % order.length;
      return { row, index: order[position] as number, repeat: repeats?.[position] ?? 0 };
    });
    const failed = [...(await filler.fill(arrays, rows))].sort((a, b) => a.row - b.row);
    const [first] = failed;
    if (first && onBadImage === 'stop') throw new DataError(first.message, first.hint);
    // those that fill up are the epoch's first, and known
    const own = failed.filter(({ row }) => row < count);
    const bad = own.map(({ row, message }): BadImage => {
      const at = (rows[row] as Row).index;
      return { index: at, path: calledIn(dataset, at), message };
    });
    if (failed.length > 0 && onBadImage === 'replace') replaceRows(arrays, failed, size, dataset);
    const left = onBadImage === 'leave out' ? leaveOut(arrays, failed, count, size, classes) : count;
    const { images, targets } = arrays;
    // a rank may have none of the last batch
    for (const { mix, at } of left > 0 ? mixes : []) {
      const random = streamOf(augment, at, ofEpoch.fork('batch').fork(index), draws);
      // rows without weight take no part
      const real = {
        images: images.subarray(0, left * size),
        targets: (targets as Float32Array).subarray(0, left * classes),
      };
      mix({ ...real, count: left, channels, height, width }, random);
    }
    const weights = new Float32Array(batchSize).fill(1, 0, left);
    const indices = Uint32Array.from(rows, (row) => row.index);
    return { index, ...arrays, weights, count: left, indices, ...(bad.length > 0 && { bad }) };
  };
}

const calledIn = ({ images, ids }: Dataset, index: number): string =>
  images?.paths[index] ?? ids?.[index] ?? `sample ${index}`;

/** The samples of an epoch's rows: in their order, or as augmentations want them to come. */
export function reordered(source: BatchSource): ArrayLike<number> {
  const { dataset, order, augment = [], seed = 0, epoch = 0, draws = 'each' } = source;
  const ofEpoch = epochStream(seed, epoch);
  let result = order;
  for (const [at, { name, reorder }] of augment.entries()) {
    if (!reorder) continue;
    result = reorder(Uint32Array.from(result), streamOf(augment, at, ofEpoch.fork('order'), draws));
    if (result.length !== order.length || !Array.from(result).every((index) => index < dataset.length))
      throw new ConfigError(
        `batches: expected ${order.length} indices below ${dataset.length} from \`reorder\` of \`${name}\`, but got ${result.length}`,
        'return a new order of the one that it is given; samples may come several times',
      );
  }
  return result;
}

/** How often each position's sample came before; undefined where none comes twice. */
function repeatsOf(order: ArrayLike<number>): Uint32Array | undefined {
  const times = new Map<number, number>();
  const repeats = Uint32Array.from({ length: order.length }, (_, position) => {
    const index = order[position] as number;
    const before = times.get(index) ?? 0;
    times.set(index, before + 1);
    return before;
  });
  return times.size === order.length ? undefined : repeats;
}
