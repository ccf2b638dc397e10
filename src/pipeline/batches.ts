import { ConfigError } from '../tensor/index.ts';
import type { Batch, Filler } from './batch.ts';
import { type BatchSource, batchBuilder } from './batch-builder.ts';
import { fileFiller, isFileDataset } from './file-filler.ts';
import { memoryFiller } from './memory-filler.ts';
import { type Positions, preparedAhead } from './prepared-ahead.ts';

/** Options of `batches`. */
export interface BatchesOptions extends BatchSource {
  /** The first batch to give, for going on in the middle of an epoch; default 0. */
  readonly from?: number;
  /** Batches that are prepared ahead while the consumer is busy with one, default 2. */
  readonly prefetch?: number;
}

/**
 * The batches of one epoch, in order. What a batch holds depends on neither `from` nor `prefetch`. The last one is filled up
 * with the epoch's first samples at weight 0. Leaving the loop early waits for reads that have begun and begins no more.
 * @throws ConfigError at once for options out of range; while iterating, DataError where samples differ in size or a label
 *   is out of range, and whatever the dataset's `read` throws
 */
export function batches(options: BatchesOptions): AsyncGenerator<Batch, void, undefined> {
  return checkedBatches(options, fillerOf);
}

const fillerOf = (source: BatchSource): Promise<Filler> =>
  isFileDataset(source.dataset)
    ? Promise.resolve(fileFiller(source, source.dataset, { room: (length) => new Float32Array(length) }))
    : memoryFiller(source);

/** @param onDone hears of each batch that the consumer is done with */
export function checkedBatches(
  options: BatchesOptions,
  fillerFor: (source: BatchSource) => Promise<Filler>,
  onDone?: (batch: Batch) => void,
): AsyncGenerator<Batch, void, undefined> {
  const { batchSize, part, from = 0, prefetch = 2, order, dataset } = options;
  requireInteger('batchSize', batchSize, 1);
  requireInteger('from', from, 0);
  requireInteger('prefetch', prefetch, 0);
  for (let i = 0; i < order.length; i++) {
    const index = order[i] as number;
    if (!(Number.isInteger(index) && index >= 0 && index < dataset.length))
      throw new ConfigError(
        `batches: \`order\` must hold indices from 0 to ${dataset.length - 1}, but entry ${i} is ${index} ` +
          `(dataset \`${dataset.name}\`)`,
      );
  }
  return generate(
    options,
    fillerFor,
    { from, total: Math.ceil(order.length / (part?.of ?? batchSize)), prefetch },
    onDone,
  );
}

async function* generate(
  source: BatchSource,
  fillerFor: (source: BatchSource) => Promise<Filler>,
  positions: Positions,
  onDone: ((batch: Batch) => void) | undefined,
): AsyncGenerator<Batch, void, undefined> {
  if (positions.from >= positions.total) return;
  yield* preparedAhead(batchBuilder(source, await fillerFor(source)), positions, onDone);
}

function requireInteger(name: string, value: number, least: number): void {
  if (!(Number.isInteger(value) && value >= least))
    throw new ConfigError(`batches: \`${name}\` must be an integer of at least ${least}, but is ${value}`);
}
