/** The images of an experiment. */
import { type DataSource, type Dataset, loadData, type Splits, splitTrainValidation, subset } from '../data/index.ts';
import { batches } from '../pipeline/index.ts';
import { DataError, Random } from '../tensor/index.ts';
import { imagesDigest } from '../train/index.ts';
import type { Laboratory, LaboratoryBatch } from './laboratory.ts';

/** The share of the training images that is held out where the data brings no others. */
const heldOut = 0.1;

/** @throws DataError where the data cannot be read, or has one class */
export async function labData(source: DataSource, size: number, seed: number): Promise<Laboratory['data']> {
  const splits: Splits = await loadData(source, { size });
  if (splits.train.classes.length < 2)
    throw new DataError(
      `lab: ${splits.train.name} has one class, and experiments classify`,
      'give data with two or more',
    );
  const { train, validation } = splits.validation
    ? { train: splits.train, validation: splits.validation }
    : await splitTrainValidation(splits.train, { fraction: heldOut, seed });
  return { train, validation, test: splits.test ?? validation, normalisation: splits.normalisation };
}

/** What tells the images of one call from those of another: a fingerprint of each part. */
export const digestsOf = async ({ train, validation, test }: Laboratory['data']) => ({
  train: await imagesDigest(train, 'stop'),
  validation: await imagesDigest(validation, 'stop'),
  test: await imagesDigest(test, 'stop'),
});

/** The first `count` samples in an order that the seed decides, an equal share of each class as far as there are any. */
export function someOfEach(dataset: Dataset, count: number, seed: number): Dataset {
  const labels = dataset.labels ?? new Int32Array(dataset.length);
  const order = new Random(seed).fork('lab').shuffle(Uint32Array.from({ length: dataset.length }, (_, i) => i));
  const byClass = new Map<number, number[]>();
  for (const index of order) {
    const label = labels[index] as number;
    const own = byClass.get(label);
    if (own) own.push(index);
    else byClass.set(label, [index]);
  }
  const members = [...byClass].sort(([a], [b]) => a - b).map(([, indices]) => indices);
  const chosen: number[] = [];
  for (let round = 0; chosen.length < Math.min(count, dataset.length); round++)
    for (const indices of members) {
      const index = indices[round];
      if (index !== undefined && chosen.length < count) chosen.push(index);
    }
  return subset(dataset, chosen);
}

/** Images as networks see them. */
export async function batchOf(
  dataset: Dataset,
  { normalisation }: Pick<Splits, 'normalisation'>,
  image: Laboratory['image'],
): Promise<LaboratoryBatch> {
  const order = Uint32Array.from({ length: dataset.length }, (_, i) => i);
  for await (const { images, labels } of batches({ dataset, order, batchSize: dataset.length, normalisation, image }))
    return { images, labels };
  throw new DataError(`lab: ${dataset.name} has no images`);
}
