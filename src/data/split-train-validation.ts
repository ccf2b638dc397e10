import { ConfigError, Random } from '../tensor/index.ts';
import type { Dataset } from './dataset.ts';
import { labelsOf } from './labels-of.ts';
import { subset } from './subset.ts';

/** How much goes to validation, as a `fraction` in (0, 1) or as a `count` of samples; `seed` chooses which, default 0. */
export type ValidationSplit = { readonly seed?: number } & (
  | { readonly fraction: number; readonly count?: undefined }
  | { readonly count: number; readonly fraction?: undefined }
);

/**
 * Splits a dataset in two, class by class: each class keeps its share in both, to within one sample, and at least one
 * sample in `train`. Both parts keep the dataset's order. Without `labels` every sample is read once.
 * @throws ConfigError where the fraction or count leaves nothing for one of the parts
 */
export async function splitTrainValidation(
  dataset: Dataset,
  options: ValidationSplit,
): Promise<{ train: Dataset; validation: Dataset }> {
  const { fraction, count, seed = 0 } = options;
  const members = await membersByClass(dataset);
  const total = count ?? Math.round(requireFraction(fraction) * dataset.length);
  // every class that has samples keeps one for training
  const limit = dataset.length - members.filter((indices) => indices.length > 0).length;
  if (limit < 1)
    throw new ConfigError(
      `splitTrainValidation: expected a class with two samples or more, of which one can be held out, but ` +
        `\`${dataset.name}\` has ${dataset.length} samples, none of them of the same class`,
      'add samples, or a validation split of their own',
    );
  if (!(Number.isInteger(total) && total >= 1 && total <= limit))
    throw new ConfigError(
      `splitTrainValidation: expected from 1 to ${limit} validation samples, but ` +
        `${count === undefined ? `fraction ${fraction} asks for` : '`count` is'} ${total} ` +
        `(dataset \`${dataset.name}\`, ${dataset.length} samples)`,
      total < 1 ? 'hold out a larger share' : 'at least one sample of each class stays in train',
    );
  const inValidation = new Uint8Array(dataset.length);
  const random = new Random(seed).fork('split');
  const shares = apportion(
    members.map((indices) => indices.length),
    total,
  );
  members.forEach((indices, label) => {
    const shuffled = random.fork(label).shuffle(Uint32Array.from(indices));
    for (const index of shuffled.subarray(0, shares[label])) inValidation[index] = 1;
  });
  const all = Array.from(inValidation.keys());
  return {
    train: subset(
      dataset,
      all.filter((index) => inValidation[index] === 0),
    ),
    validation: subset(
      dataset,
      all.filter((index) => inValidation[index] === 1),
      `${dataset.name.replace(/\/train$/, '')}/validation`,
    ),
  };
}

function requireFraction(fraction: number | undefined): number {
  if (fraction !== undefined && fraction > 0 && fraction < 1) return fraction;
  throw new ConfigError(
    `splitTrainValidation: \`fraction\` must be between 0 and 1, both excluded, but is ${fraction}`,
    '0.1 holds out a tenth',
  );
}

async function membersByClass(dataset: Dataset): Promise<number[][]> {
  const members: number[][] = dataset.classes.map(() => []);
  const labels = await labelsOf(dataset);
  for (let index = 0; index < dataset.length; index++) {
    const label = labels[index];
    const sameClass = members[label as number];
    if (sameClass === undefined)
      throw new ConfigError(
        `splitTrainValidation: sample ${index} of \`${dataset.name}\` has label ${label}, but there are ` +
          `${dataset.classes.length} classes`,
      );
    sameClass.push(index);
  }
  return members;
}

/** Shares of `total`, which is less than all, proportional to `sizes` by largest remainder, each below its size. */
function apportion(sizes: readonly number[], total: number): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  const shares = sizes.map((size) => Math.floor((size * total) / all));
  const remainder = (label: number) => ((sizes[label] as number) * total) / all - (shares[label] as number);
  const order = [...sizes.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b);
  let left = total - shares.reduce((sum, share) => sum + share, 0);
  while (left > 0)
    for (const label of order)
      if (left > 0 && (shares[label] as number) < (sizes[label] as number) - 1) {
        shares[label] = (shares[label] as number) + 1;
        left--;
      }
  return shares;
}
