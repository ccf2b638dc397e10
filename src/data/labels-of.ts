import type { Dataset } from './dataset.ts';

/** The label of every sample; each sample is read once where the dataset does not say. */
export async function labelsOf(dataset: Dataset): Promise<ArrayLike<number>> {
  if (dataset.labels) return dataset.labels;
  const labels: number[] = [];
  for (let index = 0; index < dataset.length; index++) labels.push((await dataset.read(index)).label);
  return labels;
}
