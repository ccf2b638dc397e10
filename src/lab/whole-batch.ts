import { DataError } from '../tensor/index.ts';
import type { Laboratory, LaboratoryBatch } from './laboratory.ts';

/** Exactly so many images of a part, for programs of a fixed batch. @throws DataError where the data has fewer */
export async function wholeBatch(
  lab: Pick<Laboratory, 'batch'>,
  part: 'train' | 'test',
  count: number,
): Promise<LaboratoryBatch> {
  const batch = await lab.batch(part, count);
  if (batch.labels.length < count)
    throw new DataError(
      `lab: expected ${count} images to ${part}, but the data has ${batch.labels.length}`,
      'give data with more images (--data), or take the quick setting',
    );
  return batch;
}
