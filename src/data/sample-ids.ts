import type { Dataset } from './dataset.ts';

/** What the sample at `index` is called. */
export const idOf = ({ ids }: Dataset, index: number): string => ids?.[index] ?? String(index);
