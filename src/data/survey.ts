/** What a survey of a dataset finds out: what there is, and what is wrong with it. */
import type { DataProblem } from './data-problem.ts';
import type { Dataset, Normalisation } from './dataset.ts';

/** A size in pixels. */
export interface Extent2d {
  readonly height: number;
  readonly width: number;
}

/** The images as they are stored, before anything is scaled. */
export interface ImageFacts {
  /** How many different sizes there are. */
  readonly sizes: number;
  /** By area. */
  readonly smallest: Extent2d;
  readonly largest: Extent2d;
  /** The size that most images have, and how many. */
  readonly commonest: Extent2d & { readonly count: number };
  /** Images by their number of channels: 1 grey, 2 grey with transparency, 3 colour, 4 colour with transparency or CMYK. */
  readonly channels: readonly { readonly channels: number; readonly count: number }[];
}

/** One split's samples and images. */
export interface SplitSurvey {
  readonly name: 'train' | 'validation' | 'test';
  /** Its samples; those of an image folder are square, `tile` pixels wide. */
  readonly dataset: Dataset;
  /** Samples of each class, in the order of the classes. */
  readonly counts: readonly number[];
  /** Absent where no image can be read. */
  readonly images?: ImageFacts;
}

/** All that a survey finds. */
export interface DataSurvey {
  readonly name: string;
  readonly classes: readonly string[];
  /** Those that the data has, in the order train, validation, test. */
  readonly splits: readonly SplitSurvey[];
  readonly normalisation: Normalisation;
  readonly problems: readonly DataProblem[];
}

/** Collects the sizes of images. */
export class ImageFactsCollector {
  readonly #sizes = new Map<string, Extent2d & { count: number }>();
  readonly #channels = new Map<number, number>();

  add({ height, width, channels }: Extent2d & { readonly channels: number }, times = 1): void {
    const key = `${height}×${width}`;
    const known = this.#sizes.get(key) ?? { height, width, count: 0 };
    known.count += times;
    this.#sizes.set(key, known);
    this.#channels.set(channels, (this.#channels.get(channels) ?? 0) + times);
  }

  /** Undefined where nothing was added. */
  facts(): ImageFacts | undefined {
    const sizes = [...this.#sizes.values()].sort((a, b) => a.height * a.width - b.height * b.width);
    const [smallest] = sizes;
    const largest = sizes.at(-1);
    if (smallest === undefined || largest === undefined) return undefined;
    const extent = ({ height, width }: Extent2d) => ({ height, width });
    return {
      sizes: sizes.length,
      smallest: extent(smallest),
      largest: extent(largest),
      commonest: sizes.reduce((most, size) => (size.count > most.count ? size : most)),
      channels: [...this.#channels].sort(([a], [b]) => a - b).map(([channels, count]) => ({ channels, count })),
    };
  }
}
