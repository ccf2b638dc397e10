/** How much each batch of an epoch counts in the step and the epoch that it is part of. */
import { type Batch, type BatchSource, reordered } from '../pipeline/index.ts';
import type { Phase } from './fine-tuning/fine-tuning.ts';
import { ownRows } from './ranks/run-ranks.ts';
import type { Settings } from './settings.ts';

/** What a batch counts, in images. */
export interface BatchCount {
  /** Of the batch; those of an epoch, on all ranks, add up to its images. */
  readonly own: number;
  /** Of its share in the step, whose parts add up to 1. */
  readonly share: number;
}

/**
 * A batch counts by its images; where they have weights, by these: then Σ share · mean of the part is Σ weight · loss / Σ weight over the step,
 * as of one larger batch. From the order alone, so that a run that goes on within an epoch counts the same, whatever cannot be read.
 * @param order indices of the training samples, as `rowOrder` has them
 */
export function batchCounts(
  settings: Pick<Settings, 'batchSize' | 'accumulate' | 'weightOfSample' | 'ranks'>,
  order: ArrayLike<number>,
): (batch: Pick<Batch, 'index' | 'count'>) => BatchCount {
  const { batchSize, accumulate, weightOfSample } = settings;
  const rows = ownRows(settings);
  const weightOf = (from: number, to: number): number => {
    let sum = 0;
    for (let at = from; at < Math.min(to, order.length); at++) sum += weightOfSample?.[order[at] as number] ?? 1;
    return sum;
  };
  const scale = weightOfSample ? order.length / weightOf(0, order.length) : 1;
  return ({ index, count }) => {
    const first = (index - (index % accumulate)) * batchSize;
    const step = weightOf(first, first + batchSize * accumulate);
    const start = index * batchSize + rows.from;
    const own = weightOfSample ? weightOf(start, start + rows.count) : count;
    return { own: own * scale, share: own / step };
  };
}

/**
 * Which samples the rows of an epoch are: an augmentation may have some come again in place of others. On features no augmentation takes part,
 * and where all samples count the same it does not matter.
 */
export function rowOrder(
  run: {
    readonly settings: Pick<Settings, 'weightOfSample'>;
    readonly phase: Pick<Phase, 'isOnFeatures'>;
  },
  source: BatchSource,
): ArrayLike<number> {
  return run.settings.weightOfSample && !run.phase.isOnFeatures ? reordered(source) : source.order;
}
