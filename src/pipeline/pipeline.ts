/** What stands between image files and a network for the length of a run: threads, decoded pictures, room for batches. */
import { decoderVersions } from '../data/index.ts';
import type { Batch, Filler } from './batch.ts';
import type { BatchSource } from './batch-builder.ts';
import { BatchMemory } from './batch-memory.ts';
import { type BatchesOptions, checkedBatches } from './batches.ts';
import { type FileDataset, fileFiller, isFileDataset } from './file-filler.ts';
import { ImageCache } from './image-cache.ts';
import { memoryFiller } from './memory-filler.ts';
import { type FolderUse, PictureFolder } from './picture-folder.ts';
import { WorkerPool } from './worker-pool.ts';

/** What a pipeline takes of the machine, and has taken. */
export interface PipelineMeans {
  /** Threads that decode and augment; 0: the thread of the caller. */
  readonly workers: number;
  /** Bytes of decoded pictures that are kept in memory, and how many may be; or the folder that they are in. */
  readonly cache: { readonly bytes: number; readonly limit: number; readonly folder: string | undefined };
}

/** Options of `Pipeline`. */
export interface PipelineOptions {
  /** Threads that decode and augment; 0: the thread of the caller. */
  readonly workers: number;
  /** Where decoded pictures are kept for the next epoch: in so many bytes of memory, in a folder for other runs too, or 'off'. */
  readonly cache: number | string;
  /** Hears what a person should know although all goes on, such as of a folder that is full. */
  readonly onNote?: (text: string) => void;
}

export class Pipeline {
  readonly #pool: WorkerPool | undefined;
  readonly #cache: ImageCache | undefined;
  readonly #folder: string | undefined;
  readonly #onNote: (text: string) => void;
  #opened: Promise<PictureFolder> | undefined;
  readonly #memory = new BatchMemory();

  constructor({ workers, cache, onNote = () => {} }: PipelineOptions) {
    this.#pool = workers > 0 ? new WorkerPool(workers) : undefined;
    this.#cache = typeof cache === 'number' ? new ImageCache(cache) : undefined;
    this.#folder = typeof cache === 'string' && cache !== 'off' ? cache : undefined;
    this.#onNote = onNote;
  }

  get means(): PipelineMeans {
    const { bytes = 0, limit = 0 } = this.#cache ?? {};
    return { workers: this.#pool?.workers ?? 0, cache: { bytes, limit, folder: this.#folder } };
  }

  /** As `batches`; a batch may be used until the next one is asked for. @throws ConfigError while iterating, for a folder that is no cache */
  batches(options: BatchesOptions): AsyncGenerator<Batch, void, undefined> {
    const { dataset } = options;
    if (!isFileDataset(dataset)) return checkedBatches(options, memoryFiller);
    return checkedBatches(
      options,
      (source) => this.#fillerFor(source, dataset),
      ({ images }) => this.#memory.giveBack(images),
    );
  }

  async #fillerFor(source: BatchSource, dataset: FileDataset): Promise<Filler> {
    if (this.#folder !== undefined) this.#opened ??= PictureFolder.open(this.#folder, this.#onNote);
    return fileFiller(source, dataset, {
      pool: this.#pool,
      cache: this.#cache,
      folder: await this.#opened,
      versions: await decoderVersions(),
      room: (length) => this.#memory.take(length),
    });
  }

  /** What the folder of pictures holds; undefined where none was used. */
  async folderUse(): Promise<FolderUse | undefined> {
    // why it could not be opened was said when it was
    return (await this.#opened?.catch(() => undefined))?.use();
  }

  /** Ends the threads, also those that are at work. */
  async close(): Promise<void> {
    await this.#pool?.close();
  }
}
