/** What stands between image files and a network for the length of a run: threads, decoded pictures, room for batches. */
import type { Batch } from './batch.ts';
import { BatchMemory } from './batch-memory.ts';
import { type BatchesOptions, checkedBatches } from './batches.ts';
import { fileFiller, isFileDataset } from './file-filler.ts';
import { ImageCache } from './image-cache.ts';
import { memoryFiller } from './memory-filler.ts';
import { WorkerPool } from './worker-pool.ts';

/** Options of `Pipeline`. */
export interface PipelineOptions {
  /** Threads that decode and augment; 0: the thread of the caller. */
  readonly workers: number;
  /** Bytes of decoded pictures that are kept for the next epoch. */
  readonly cacheBytes: number;
}

export class Pipeline {
  readonly #pool: WorkerPool | undefined;
  readonly #cache: ImageCache;
  readonly #memory = new BatchMemory();

  constructor({ workers, cacheBytes }: PipelineOptions) {
    this.#pool = workers > 0 ? new WorkerPool(workers) : undefined;
    this.#cache = new ImageCache(cacheBytes);
  }

  /** As `batches`; a batch may be used until the next one is asked for. */
  batches(options: BatchesOptions): AsyncGenerator<Batch, void, undefined> {
    const { dataset } = options;
    if (!isFileDataset(dataset)) return checkedBatches(options, memoryFiller);
    const memory = this.#memory;
    const means = { pool: this.#pool, cache: this.#cache, room: (length: number) => memory.take(length) };
    return checkedBatches(
      options,
      (source) => Promise.resolve(fileFiller(source, dataset, means)),
      ({ images }) => memory.giveBack(images),
    );
  }

  async close(): Promise<void> {
    await this.#pool?.close();
  }
}
