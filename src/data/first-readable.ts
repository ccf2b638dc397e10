import { DataError } from '../tensor/index.ts';
import type { Dataset, Sample } from './dataset.ts';

/**
 * A sample that shows what all of them are like: the first, or, where bad images are passed over, the first one that can be read.
 * @param order indices into the dataset, default all
 * @throws what `read` throws
 */
export async function firstReadable(
  dataset: Dataset,
  onBadImage: 'stop' | 'skip',
  order: ArrayLike<number> = { length: dataset.length },
): Promise<{ readonly index: number; readonly sample: Sample }> {
  for (let at = 0; ; at++) {
    const index = order[at] ?? at;
    try {
      return { index, sample: await dataset.read(index) };
    } catch (error) {
      if (onBadImage === 'stop' || !(error instanceof DataError) || at + 1 >= order.length) throw error;
    }
  }
}
