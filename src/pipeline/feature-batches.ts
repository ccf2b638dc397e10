/** Batches of features that were computed once, in place of the images that they are of. */
import type { Dataset, Image } from '../data/index.ts';
import { ConfigError } from '../tensor/index.ts';
import type { BadImage, Batch, FailedRow, Filler } from './batch.ts';
import { type BatchesOptions, checkedBatches } from './batches.ts';

/** What is kept of a dataset. */
export interface KeptFeatures {
  /** [rows, numbers of a row]. */
  readonly features: Float32Array;
  /** Numbers of a row. */
  readonly width: number;
  /** [rows]. */
  readonly labels: Int32Array;
  /** [rows]: which samples they are of. */
  readonly indices: Uint32Array;
  /** Those that could not be read. */
  readonly bad: readonly BadImage[];
}

export class FeatureBatches {
  readonly #size: Omit<Image, 'pixels'>;
  readonly #fillers: ReadonlyMap<Dataset, Filler>;

  /** @param size of the features of one image, which are flat where height and width are 1 */
  constructor(size: Omit<Image, 'pixels'>, kept: ReadonlyMap<Dataset, KeptFeatures>) {
    this.#size = size;
    this.#fillers = new Map([...kept].map(([dataset, features]) => [dataset, this.#fillerOf(features)]));
  }

  /** As `Pipeline.batches`, whose images are features, unchanged by augmentations. @throws ConfigError for a dataset that is not kept */
  batches(options: BatchesOptions): AsyncGenerator<Batch, void, undefined> {
    const filler = this.#fillers.get(options.dataset);
    if (!filler) throw new ConfigError(`features: those of ${options.dataset.name} are not kept`);
    return checkedBatches({ ...options, augment: [], prefetch: 0 }, async () => filler);
  }

  #fillerOf({ features, width, labels, indices, bad }: KeptFeatures): Filler {
    const rowOf = new Map(Array.from(indices, (index, row) => [index, row] as const));
    const why = new Map(bad.map(({ index, message }) => [index, message] as const));
    return {
      image: this.#size,
      room: (length) => new Float32Array(length),
      fill: async (arrays, rows) => {
        const failed: FailedRow[] = [];
        for (const { row, index } of rows) {
          const at = rowOf.get(index);
          if (at === undefined) {
            failed.push({ row, message: why.get(index) ?? `sample ${index} has no features`, hint: undefined });
            continue;
          }
          arrays.images.set(features.subarray(at * width, (at + 1) * width), row * width);
          arrays.labels[row] = labels[at] as number;
        }
        return failed;
      },
    };
  }
}
