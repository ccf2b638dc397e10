/** How fast the steps of some epochs were. */
import type { EpochEvent } from './events.ts';

/** Earlier versions measured less of an epoch. */
type Measured = Pick<EpochEvent, 'imagesPerSecond'> & Partial<Pick<EpochEvent, 'images' | 'waiting'>>;

/** Over all steps together, so that an epoch that took longer counts for more; undefined where nothing was measured. */
export interface Pace {
  readonly imagesPerSecond: number | undefined;
  /** The share of the time in which steps waited for images, 0 to 1. */
  readonly waiting: number | undefined;
}

/** @param wholeEpoch images of an epoch that does not say how many it was measured on */
export function paceOf(epochs: readonly Measured[], wholeEpoch: number): Pace {
  // an epoch that only had its validation left has no speed
  const timed = epochs
    .filter(({ imagesPerSecond }) => imagesPerSecond > 0)
    .map(({ images = wholeEpoch, imagesPerSecond, waiting }) => ({
      images,
      seconds: images / imagesPerSecond,
      waiting,
    }));
  const waited = timed.filter(({ waiting }) => waiting !== undefined);
  return {
    imagesPerSecond: ratio(
      sum(timed, ({ images }) => images),
      sum(timed, ({ seconds }) => seconds),
    ),
    waiting: ratio(
      sum(waited, ({ waiting = 0, seconds }) => waiting * seconds),
      sum(waited, ({ seconds }) => seconds),
    ),
  };
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const ratio = (part: number, whole: number): number | undefined => (whole > 0 ? part / whole : undefined);
