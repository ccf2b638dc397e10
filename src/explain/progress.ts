/** Counts maps; how many there are may grow. */
export class Progress {
  #done = 0;
  #total: number;
  readonly #tell: ((done: number, total: number) => void) | undefined;

  constructor(total: number, tell: ((done: number, total: number) => void) | undefined) {
    this.#total = total;
    this.#tell = tell;
  }

  expect(more: number): void {
    this.#total += more;
  }

  step(): void {
    this.#tell?.(++this.#done, this.#total);
  }
}
