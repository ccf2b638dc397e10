import type { Dataset } from './dataset.ts';

/** What the sample at `index` is called. */
export const idOf = ({ ids }: Dataset, index: number): string => ids?.[index] ?? String(index);

/** What samples are called, in their order. */
export const idsOf = (dataset: Dataset): string[] =>
  Array.from({ length: dataset.length }, (_, index) => idOf(dataset, index));
