/** How far the measuring of corrupted images has come: a bar, or without a terminal a line for each tenth. */
import { Bars } from './bars.ts';
import type { Output } from './output.ts';
import { clock, count } from './quantity.ts';

export class CorruptionProgress {
  readonly #output: Output;
  readonly #bars: Bars;
  /** Of `performance.now()`, when the first images were done: what is compiled and started before does not count. */
  #since: { readonly time: number; readonly done: number } | undefined;
  #tenth = 0;

  constructor(output: Output) {
    this.#output = output;
    this.#bars = new Bars(output, [{ label: 'corrupting', done: 0, facts: [] }]);
  }

  show(done: number, total: number): void {
    const now = performance.now();
    this.#since ??= { time: now, done };
    const { time, done: before } = this.#since;
    const seconds = ((now - time) / 1000 / (done - before)) * (total - done);
    const images = `${count(done)} of ${count(total)} images`;
    const left = Number.isFinite(seconds) ? [`${clock(seconds)} left`] : [];
    this.#bars.set(0, { label: 'corrupting', done: done / total, facts: [...left, images] });
    const tenth = Math.floor((10 * done) / total);
    if (this.#output.live || tenth === this.#tenth || done === total) return;
    this.#tenth = tenth;
    this.#output.line(['corrupted', images, ...left].join('  '));
  }

  stop(): void {
    this.#bars.stop();
  }
}
