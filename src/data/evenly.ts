import { ConfigError } from '../tensor/index.ts';
import type { Dataset } from './dataset.ts';
import { subset } from './subset.ts';

/**
 * So many samples, evenly spread over the dataset, so that each class has about its share however it is sorted; the whole where it has no more.
 * @throws ConfigError where `count` is not a whole number of at least 1
 */
export function evenly(dataset: Dataset, count: number): Dataset {
  if (!(Number.isSafeInteger(count) && count >= 1))
    throw new ConfigError(`evenly: \`count\` must be a whole number of at least 1, but is ${count}`);
  const { length } = dataset;
  if (count >= length) return dataset;
  return subset(
    dataset,
    Array.from({ length: count }, (_, i) => Math.floor((i * length) / count)),
  );
}
