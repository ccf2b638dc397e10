/** Which samples are held out: decided by what each is called, so that data that grows keeps its split. */
import { ConfigError, Random } from '../tensor/index.ts';
import type { Dataset } from './dataset.ts';
import { labelsOf } from './labels-of.ts';
import { idOf } from './sample-ids.ts';

/**
 * Of each class the share `fraction`, rounded, at least one sample and never all: those whose seed and name hash lowest. A sample that
 * is added or goes away moves at most one other, in its class.
 * @returns 1 for each sample that is held out
 */
export async function holdOut(dataset: Dataset, fraction: number, seed: number): Promise<Uint8Array> {
  const members = await membersByClass(dataset);
  const shares = members.map(({ length }) => Math.min(length - 1, Math.max(1, Math.round(fraction * length))));
  return lowest(dataset, members, shares, seed);
}

/** The same for a count of samples in all, which the classes share by their sizes. */
export async function holdOutCount(dataset: Dataset, count: number, seed: number): Promise<Uint8Array> {
  const members = await membersByClass(dataset);
  const sizes = members.map(({ length }) => length);
  return lowest(dataset, members, apportion(sizes, count), seed);
}

function lowest(dataset: Dataset, members: readonly number[][], shares: readonly number[], seed: number): Uint8Array {
  const held = new Uint8Array(dataset.length);
  members.forEach((indices, label) => {
    for (const index of byHash(dataset, indices, seed).slice(0, Math.max(0, shares[label] as number))) held[index] = 1;
  });
  return held;
}

/** Samples in the order of the hashes of seed and name. */
export function byHash(dataset: Dataset, indices: readonly number[], seed: number): number[] {
  const random = new Random(seed).fork('held out');
  const hashes = new Map(indices.map((index) => [index, random.fork(idOf(dataset, index)).bits()]));
  return [...indices].sort((a, b) => (hashes.get(a) as number) - (hashes.get(b) as number) || a - b);
}

/** A dataset whose labels are known, so that nobody has to read its samples for them. */
export async function labelled(dataset: Dataset): Promise<Dataset> {
  if (dataset.labels) return dataset;
  const labels = await labelsOf(dataset);
  const { name, classes, length, ids, source, softLabels } = dataset;
  return {
    name,
    classes,
    length,
    labels,
    ...(ids && { ids }),
    ...(dataset.sizes && { sizes: async () => (await dataset.sizes?.()) ?? [] }),
    ...(source !== undefined && { source }),
    ...(softLabels && { softLabels }),
    read: (index) => dataset.read(index),
  };
}

/** The samples of each class. @throws ConfigError for a label that is none of the classes */
export async function membersByClass(dataset: Dataset): Promise<number[][]> {
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
export function apportion(sizes: readonly number[], total: number): number[] {
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
