/** How long the steps of an epoch wait for their images. The clock tells of a run's progress, never of its numbers. */

/** How much of its time a consumer waited since it began. */
export class Waiting {
  readonly #now: () => number;
  readonly #began: number;
  #waited = 0;

  /** @param now a clock */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#began = now();
  }

  /** 0 to 1. */
  get share(): number {
    const all = this.#now() - this.#began;
    return all > 0 ? this.#waited / all : 0;
  }

  /** The same items; the time from asking for one to having it counts as waited. */
  async *over<T>(items: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
    try {
      while (true) {
        const asked = this.#now();
        const next = await items.next();
        this.#waited += this.#now() - asked;
        if (next.done) return;
        yield next.value;
      }
    } finally {
      await items.return();
    }
  }
}
