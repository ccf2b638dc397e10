import { ConfigError, Random } from '../tensor/index.ts';
import type { Dataset } from './dataset.ts';
import { apportion, holdOut, holdOutCount, labelled, membersByClass } from './hold-out.ts';
import { subset } from './subset.ts';

/** How much goes to validation, as a `fraction` in (0, 1) or as a `count` of samples; `seed` chooses which, default 0. */
export type ValidationSplit = { readonly seed?: number } & (
  | { readonly fraction: number; readonly count?: undefined }
  | { readonly count: number; readonly fraction?: undefined }
);

/** A dataset in two. */
export interface TrainValidation {
  readonly train: Dataset;
  readonly validation: Dataset;
}

/** The share that is held out unless told otherwise. */
export const usualFraction = 0.1;

/**
 * Splits a dataset in two, class by class. By `fraction`, each class that has two samples or more gives max(1, round(fraction · n)) of its n,
 * and keeps one or more for `train`; by `count`, classes share it by their sizes. Which samples is decided by the seed and what each is
 * called (`Dataset.ids`), so data that grows by one moves at most one other. Both parts keep the dataset's order. Without `labels` every
 * sample is read once.
 * @throws ConfigError where the fraction or count leaves nothing for one of the parts
 */
export async function splitTrainValidation(given: Dataset, options: ValidationSplit): Promise<TrainValidation> {
  const dataset = await labelled(given);
  const { fraction, count, seed = 0 } = options;
  // every class that has samples keeps one for training
  const limit = dataset.length - (await membersByClass(dataset)).filter((indices) => indices.length > 0).length;
  if (limit < 1)
    throw new ConfigError(
      `splitTrainValidation: expected a class with two samples or more, of which one can be held out, but ` +
        `\`${dataset.name}\` has ${dataset.length} samples, none of them of the same class`,
      'add samples, or a validation split of their own',
    );
  if (count === undefined) return parts(dataset, await holdOut(dataset, requireFraction(fraction), seed));
  if (!(Number.isInteger(count) && count >= 1 && count <= limit))
    throw new ConfigError(
      `splitTrainValidation: expected from 1 to ${limit} validation samples, but \`count\` is ${count} ` +
        `(dataset \`${dataset.name}\`, ${dataset.length} samples)`,
      count < 1 ? 'hold out more' : 'at least one sample of each class stays in train',
    );
  return parts(dataset, await holdOutCount(dataset, count, seed));
}

/** The split of runs of earlier versions, which kept no list of it: it depends on the place of each sample among those of its class. */
export async function splitByPlace(
  dataset: Dataset,
  { fraction, seed }: { readonly fraction: number; readonly seed: number },
): Promise<TrainValidation> {
  const members = await membersByClass(dataset);
  const total = Math.round(fraction * dataset.length);
  const random = new Random(seed).fork('split');
  const sizes = members.map((indices) => indices.length);
  const shares = apportion(sizes, total);
  const held = new Uint8Array(dataset.length);
  members.forEach((indices, label) => {
    const shuffled = random.fork(label).shuffle(Uint32Array.from(indices));
    for (const index of shuffled.subarray(0, shares[label])) held[index] = 1;
  });
  return parts(dataset, held);
}

/** @param held 1 for each sample that goes to validation */
export function parts(dataset: Dataset, held: Uint8Array): TrainValidation {
  const where = (part: number) => Array.from(held.keys()).filter((index) => held[index] === part);
  return {
    train: subset(dataset, where(0)),
    validation: subset(dataset, where(1), `${dataset.name.replace(/\/train$/, '')}/validation`),
  };
}

function requireFraction(fraction: number): number {
  if (fraction > 0 && fraction < 1) return fraction;
  throw new ConfigError(
    `splitTrainValidation: \`fraction\` must be between 0 and 1, both excluded, but is ${fraction}`,
    '0.1 holds out a tenth',
  );
}
