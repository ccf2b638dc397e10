/** When a run is saved besides the ends of its epochs. */

/** A long epoch must not be lost, and a save every ten minutes costs nothing that could be measured. */
export const usualSaveMinutes = 10;

/** Runs from the last save on; an epoch begins right after one, or where there is nothing to lose. */
export class SaveClock {
  readonly #milliseconds: number;
  #since = performance.now();

  constructor(minutes: number) {
    this.#milliseconds = minutes * 60_000;
  }

  get isDue(): boolean {
    return performance.now() - this.#since >= this.#milliseconds;
  }

  /** As soon as a save is done: one that takes longer than the minutes between two leaves room for a step. */
  restart(): void {
    this.#since = performance.now();
  }
}
