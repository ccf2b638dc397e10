/** How far an experiment has come: a bar for what is done now, or without a terminal a line for each piece. */
import type { LabCallback } from '../lab/index.ts';
import { Bars } from './bars.ts';
import type { Output } from './output.ts';
import { roughTime } from './quantity.ts';

export class LabProgress implements LabCallback {
  readonly #output: Output;
  readonly #bars: Bars;
  #last = '';

  constructor(output: Output) {
    this.#output = output;
    this.#bars = new Bars(output, [{ label: '', done: 0, facts: [] }]);
  }

  readonly onStart: NonNullable<LabCallback['onStart']> = ({ folder, engine, isResumed }) => {
    this.#output.line(`${isResumed ? 'goes on in' : 'writes to'} ${folder}, on ${engine}`);
  };

  readonly onForecast: NonNullable<LabCallback['onForecast']> = ({ seconds, trainings }) => {
    this.#bars.stop();
    const each = trainings.map((one) => `${one.network} ${roughTime(one.seconds)}`).join(', ');
    this.#output.paragraph(
      `about ${roughTime(seconds)} of training here: ${each}; what is measured besides comes on top`,
    );
  };

  readonly onProgress: NonNullable<LabCallback['onProgress']> = ({ text, share }) => {
    const isWithin = share !== undefined;
    this.#bars.set(0, { label: text, done: share ?? 0, facts: [] });
    // loss and step change all the time; which network and seed it is does not
    const piece = isWithin ? text.replace(/, loss \S+$|: step \d+ of \d+$/, '') : text;
    if (this.#output.live || piece === this.#last) return;
    this.#last = piece;
    this.#output.line(piece);
  };

  stop(): void {
    this.#bars.stop();
  }
}
