import { ConfigError } from '../tensor/index.ts';
import type { Dataset } from './dataset.ts';
import { subset } from './subset.ts';

/**
 * So many samples, evenly spread over the dataset, in its order; the whole where it has no more. Where its labels are known they are spread
 * over each class, which has its share, to within one sample, however the dataset is sorted.
 * @throws ConfigError where `count` is not a whole number of at least 1
 */
export function evenly(dataset: Dataset, count: number): Dataset {
  if (!(Number.isSafeInteger(count) && count >= 1))
    throw new ConfigError(`evenly: \`count\` must be a whole number of at least 1, but is ${count}`);
  const { length } = dataset;
  if (count >= length) return dataset;
  const order = byClass(dataset);
  const chosen = Uint32Array.from({ length: count }, (_, i) => order[Math.floor((i * length) / count)] as number);
  return subset(dataset, chosen.sort());
}

/** The samples class by class; where labels are not known as they are. */
function byClass({ length, labels }: Dataset): number[] {
  const order = Array.from({ length }, (_, index) => index);
  return labels ? order.sort((a, b) => (labels[a] as number) - (labels[b] as number) || a - b) : order;
}
