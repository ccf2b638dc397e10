import type { Dataset } from './dataset.ts';
import { labelsOf } from './labels-of.ts';

/** Samples of each class. */
export async function countClasses(dataset: Dataset): Promise<number[]> {
  const counts = dataset.classes.map(() => 0);
  for (const label of Array.from(await labelsOf(dataset))) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}
