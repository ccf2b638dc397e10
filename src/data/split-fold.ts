/** Folds of cross validation: decided by what each sample is called, as what is held out is. */
import { ConfigError } from '../tensor/index.ts';
import type { Dataset } from './dataset.ts';
import { byHash, labelled, membersByClass } from './hold-out.ts';
import { parts, type TrainValidation } from './split-train-validation.ts';

/** One of the folds of a cross validation. */
export interface Fold {
  /** Counted from 1. */
  readonly number: number;
  readonly of: number;
}

/**
 * The samples of one fold as `validation`, and those of the others as `train`. Every sample is in one fold, each class is spread evenly over
 * them, and so are all samples: sizes differ by one at most. Which fold is decided by the seed and what each is called (`Dataset.ids`).
 * Both parts keep the dataset's order. Without `labels` every sample is read once.
 * @throws ConfigError where a class has fewer samples than there are folds
 */
export async function splitFold(given: Dataset, { number, of }: Fold, seed: number): Promise<TrainValidation> {
  const dataset = await labelled(given);
  const members = await membersByClass(dataset);
  const small = members.findIndex(({ length }) => length > 0 && length < of);
  if (small !== -1) {
    const { length } = members[small] as number[];
    throw new ConfigError(
      `splitFold: expected at least ${of} samples of each class for ${of} folds, but \`${dataset.name}\` has ${length} of \`${dataset.classes[small]}\``,
      length < 2
        ? 'add samples of it, or leave it out'
        : `${length} folds are possible, or more with more samples of it`,
    );
  }
  const held = new Uint8Array(dataset.length);
  // what is left over of the classes goes to one fold after the other
  let larger = 0;
  for (const indices of members) {
    const sorted = byHash(dataset, indices, seed);
    const over = indices.length % of;
    const isLarger = (fold: number) => (fold - larger + of) % of < over;
    const sizeOf = (fold: number) => Math.floor(indices.length / of) + (isLarger(fold) ? 1 : 0);
    const start = Array.from({ length: number - 1 }, (_, fold) => sizeOf(fold)).reduce((sum, size) => sum + size, 0);
    for (const index of sorted.slice(start, start + sizeOf(number - 1))) held[index] = 1;
    larger = (larger + over) % of;
  }
  return parts(dataset, held);
}
