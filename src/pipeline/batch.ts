/** What batches are, and what fills them. */
import type { Image } from '../data/index.ts';

/** What a training step or an evaluation is fed. */
export interface Batch {
  /** Position in the epoch, from 0. */
  readonly index: number;
  /** [batchSize, channels, height, width], normalised. */
  readonly images: Float32Array;
  /** [batchSize]. */
  readonly labels: Int32Array;
  /** [batchSize, classes]: the share of each class; of a dataset with soft labels, or of mixed samples. */
  readonly targets?: Float32Array;
  /** [batchSize]: 1 for real samples, 0 for those that only fill up the batch. */
  readonly weights: Float32Array;
  /** Real samples; they come first. */
  readonly count: number;
  /** [batchSize]: which samples of the dataset the rows are for. */
  readonly indices: Uint32Array;
  /** Images of this batch that cannot be read, where that does not end the run. */
  readonly bad?: readonly BadImage[];
}

/** One sample of a batch. */
export interface Row {
  /** In the batch. */
  readonly row: number;
  /** In the dataset. */
  readonly index: number;
  /** How often the sample came before in this epoch. */
  readonly repeat: number;
}

/** The arrays of a batch that is being filled. */
export type BatchArrays = Pick<Batch, 'images' | 'labels' | 'targets'>;

/** A sample that cannot be read. */
export interface BadImage {
  /** In the dataset. */
  readonly index: number;
  /** Of its file; of data that is not files, what the sample is called there. */
  readonly path: string;
  /** Why. */
  readonly message: string;
}

/** A row that could not be filled, since its sample cannot be read. */
export interface FailedRow {
  readonly row: number;
  readonly message: string;
  readonly hint: string | undefined;
}

/** Where pixels and labels come from. */
export interface Filler {
  readonly image: Omit<Image, 'pixels'>;
  /** Room for the images of a batch. */
  room(length: number): Float32Array;
  /** @returns rows whose sample cannot be read, in any order */
  fill(arrays: BatchArrays, rows: readonly Row[]): Promise<readonly FailedRow[]>;
}
