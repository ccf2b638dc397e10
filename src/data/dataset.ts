/** What a dataset is: indexed samples of byte images with a class each, and the splits that a training run needs. */
import type { DataProblem } from './data-problem.ts';
import type { DataSource } from './data-source.ts';
import type { ImageSize } from './scaling.ts';

/** One image: `pixels` channel-major [channels, height, width], bytes 0..255 until normalisation. */
export interface Image {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
}

/** An image and the index of its class. */
export interface Sample {
  readonly image: Image;
  readonly label: number;
  /** The share of each class, where the label is not all: of a dataset with `softLabels`. */
  readonly targets?: ArrayLike<number>;
}

/**
 * A finite, indexed collection of samples. Implement it to train on anything: `read` may be asynchronous and is called in
 * any order, several at a time. Samples are shared, so nobody modifies the pixels of one.
 */
export interface Dataset {
  /** Shown in messages and reports, for example `cifar10/train`. */
  readonly name: string;
  /** Class names; a label is an index into them. */
  readonly classes: readonly string[];
  /** Number of samples. */
  readonly length: number;
  /** The label of every sample, if known without reading images: makes stratified splits cheap. */
  readonly labels?: ArrayLike<number>;
  /**
   * What each sample is called, the same wherever the data lies: an image's path relative to the data, with `/` between folders. Default: its
   * number, counted from 0.
   */
  readonly ids?: readonly string[];
  /** The bytes of each sample's file, which tell whether it is still the same. */
  sizes?(): Promise<ArrayLike<number>>;
  /** What `loadData` finds the data again by: names or paths. */
  readonly source?: DataSource;
  /** Whether samples have `targets`; those without count as their label alone. Default false. */
  readonly softLabels?: boolean;
  /** Where each sample is a file: `read` decodes it, and so may others, elsewhere or at another size. Of a dataset with another `read` only that is used. */
  readonly images?: ImageFiles;
  /** The sample at `index`, 0 ≤ index < length. */
  read(index: number): Sample | Promise<Sample>;
}

/** Image files, one for each sample. */
export interface ImageFiles {
  readonly paths: readonly string[];
  /** What `read` makes of them. */
  readonly size: ImageSize;
}

/** Per channel, for pixels scaled to 0..1 first: (pixel / 255 - mean) / std. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** The parts of a dataset. `validation` picks epochs, `test` is looked at once; all share the classes of `train`. */
export interface Splits {
  readonly train: Dataset;
  readonly validation?: Dataset;
  readonly test?: Dataset;
  readonly normalisation: Normalisation;
  /** What is worth knowing of the data: files that were passed over, names that are nearly equal. */
  readonly problems?: readonly DataProblem[];
}
