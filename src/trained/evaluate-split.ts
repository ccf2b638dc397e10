/** Runs a whole split through a prediction program. */
import { type Dataset, type Normalisation, surveyCommand } from '../data/index.ts';
import { type Executable, ownPart, type Ranks } from '../engines/index.ts';
import { crossEntropy, topK } from '../metrics/index.ts';
import { type BadImage, type Batch, batches, type Pipeline } from '../pipeline/index.ts';
import { DataError, type Tensor, tensor } from '../tensor/index.ts';
import { indicesIn } from './batch-indices.ts';

/** How well a network did on a split. */
export interface Score {
  /** Mean cross entropy in nats. */
  readonly loss: number;
  /** Share of samples whose first guess is right, 0 to 1. */
  readonly top1: number;
  /** Share of samples whose label is among the first five guesses, where there are more than five classes. */
  readonly top5?: number;
  readonly correct: number;
  readonly total: number;
}

export interface EvaluationOptions {
  readonly executable: Executable;
  /** The entry point: input `image`, output `logits`. */
  readonly entry: string;
  /** Of the entry's image: [N, C, H, W]. */
  readonly imageShape: readonly number[];
  readonly dataset: Dataset;
  readonly normalisation: Normalisation;
  /** What prepares the images; default: the thread of the caller. */
  readonly pipeline?: Pick<Pipeline, 'batches'> | undefined;
  /** Ends the evaluation after the batch under way. */
  readonly signal?: AbortSignal | undefined;
  /** Where several processes evaluate together: each has its part of the dataset, and all get the score of the whole. */
  readonly ranks?: Ranks | undefined;
  /** Hears of an image that cannot be read, which is then left out; without it the error is thrown. */
  readonly onBadImage?: ((bad: BadImage) => void | Promise<void>) | undefined;
  /** Sees the logits [count, classes] of each batch's real samples, in the dataset's order, which samples they are, and the batch's images. */
  readonly onBatch?: (
    logits: Float32Array,
    labels: Int32Array,
    indices: readonly number[],
    images: Float32Array,
  ) => void | Promise<void>;
}

/**
 * Mean loss and accuracy of a network on every sample of `dataset` that is not left out, without augmentation.
 * @throws DataError, also where all are left out; the signal's reason where it came before the end
 */
export async function evaluateSplit(options: EvaluationOptions): Promise<Score> {
  const { executable, entry, imageShape, dataset, normalisation, signal, onBatch, onBadImage } = options;
  const { pipeline = { batches } } = options;
  const classes = dataset.classes.length;
  const [batchSize, channels, height, width] = imageShape as [number, number, number, number];
  const { from, to } = options.ranks ? ownPart(dataset.length, options.ranks) : { from: 0, to: dataset.length };
  const order = Uint32Array.from({ length: to - from }, (_, i) => from + i);
  const source = { dataset, order, batchSize, normalisation, image: { channels, height, width } };
  // a rank may have no image at all, and stops with the others
  signal?.throwIfAborted();
  const own = { loss: 0, first: 0, fifth: 0, total: 0 };
  for await (const batch of pipeline.batches({ ...source, onBadImage: onBadImage ? 'leave out' : 'stop' })) {
    signal?.throwIfAborted();
    for (const bad of batch.bad ?? []) await onBadImage?.(bad);
    if (batch.count === 0) continue;
    const outputs = await executable.run(entry, new Map([['image', tensor('float32', imageShape, batch.images)]]));
    const { logits, labels } = realSamples(outputs.get('logits') as Tensor, batch, classes);
    own.loss += crossEntropy(logits, labels, classes).sum;
    own.first += topK(logits, labels, classes, 1);
    if (classes > 5) own.fifth += topK(logits, labels, classes, 5);
    own.total += batch.count;
    await onBatch?.(logits, labels, indicesIn(batch, batchSize, { from, to }), batch.images);
  }
  const sums = await summed(own, options.ranks);
  const { total } = sums;
  if (total === 0 && dataset.length > 0)
    throw new DataError(
      `evaluate: expected images of ${dataset.name} that can be read, but of ${dataset.length} none is`,
      dataset.source && `${surveyCommand(dataset.source)} lists what is wrong with each`,
    );
  return {
    loss: sums.loss / total,
    top1: sums.first / total,
    ...(classes > 5 && { top5: sums.fifth / total }),
    correct: sums.first,
    total,
  };
}

async function summed<S extends Record<string, number>>(own: S, ranks: Ranks | undefined): Promise<S> {
  if (!ranks) return own;
  const all = await ranks.sum(Float64Array.from(Object.values(own)));
  return Object.fromEntries(Object.keys(own).map((key, i) => [key, all[i]])) as S;
}

/** A batch's logits and labels without the samples that only fill it up. */
export function realSamples(
  logits: Tensor,
  batch: Pick<Batch, 'labels' | 'count'>,
  classes: number,
): { logits: Float32Array; labels: Int32Array } {
  return {
    logits: (logits.data as Float32Array).subarray(0, batch.count * classes),
    labels: batch.labels.subarray(0, batch.count),
  };
}
