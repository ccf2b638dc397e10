/** Runs a whole split through a prediction program. */
import type { Dataset, Normalisation } from '../data/index.ts';
import type { Executable } from '../engines/index.ts';
import { crossEntropy, topK } from '../metrics/index.ts';
import { type Batch, batches, type Pipeline } from '../pipeline/index.ts';
import { type Tensor, tensor } from '../tensor/index.ts';

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
  /** Sees the logits [count, classes] of each batch's real samples, in the dataset's order. */
  readonly onBatch?: (logits: Float32Array, labels: Int32Array) => void;
}

/**
 * Mean loss and accuracy of a network on every sample of `dataset`, without augmentation.
 * @throws DataError; the signal's reason where it came before the end
 */
export async function evaluateSplit(options: EvaluationOptions): Promise<Score> {
  const { executable, entry, imageShape, dataset, normalisation, signal, onBatch, pipeline = { batches } } = options;
  const classes = dataset.classes.length;
  const batchSize = imageShape[0] as number;
  const order = Uint32Array.from({ length: dataset.length }, (_, i) => i);
  const sums = { loss: 0, first: 0, fifth: 0 };
  for await (const batch of pipeline.batches({ dataset, order, batchSize, normalisation })) {
    signal?.throwIfAborted();
    const outputs = await executable.run(entry, new Map([['image', tensor('float32', imageShape, batch.images)]]));
    const { logits, labels } = realSamples(outputs.get('logits') as Tensor, batch, classes);
    sums.loss += crossEntropy(logits, labels, classes).sum;
    sums.first += topK(logits, labels, classes, 1);
    if (classes > 5) sums.fifth += topK(logits, labels, classes, 5);
    onBatch?.(logits, labels);
  }
  const total = dataset.length;
  return {
    loss: sums.loss / total,
    top1: sums.first / total,
    ...(classes > 5 && { top5: sums.fifth / total }),
    correct: sums.first,
    total,
  };
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
