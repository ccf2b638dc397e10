/** Batches that are prepared while their consumer is busy with the ones before. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Which batches of how many. */
export interface Positions {
  /** Of the first one. */
  readonly from: number;
  /** After the last one. */
  readonly total: number;
  /** How many are begun ahead of the one that the consumer has. */
  readonly prefetch: number;
}

/**
 * What `build` makes of each position, in order. Leaving the loop early waits for what has begun and begins no more.
 * @param onDone hears of each that the consumer is done with, which is when it asks for the next one
 */
export async function* preparedAhead<T>(
  build: (index: number) => Promise<T>,
  { from, total, prefetch }: Positions,
  onDone: (made: T) => void = () => {},
): AsyncGenerator<T, void, undefined> {
  const ahead: Promise<T>[] = [];
  let left = false;

  const start = async (index: number): Promise<T> => {
    // a turn later, so that the consumer hands the batch before to its engine first
    if (prefetch > 0) await nextTurn();
    if (left) throw new Error('the loop was left');
    return build(index);
  };

  try {
    let next = from;
    for (let index = from; index < total; index++) {
      while (next < total && next <= index + prefetch) {
        const batch = start(next++);
        // its error is thrown when its turn comes, or never if the loop is left before
        batch.catch(() => {});
        ahead.push(batch);
      }
      const made = await (ahead.shift() as Promise<T>);
      yield made;
      onDone(made);
    }
  } finally {
    left = true;
    await Promise.allSettled(ahead);
  }
}
