/** Live bars at the bottom of a terminal, one for each thing that goes on. */
import { MultiBar, type SingleBar } from 'cli-progress';
import type { Output } from './output.ts';

/** One bar's line: what it is, how far it is, and facts of which the last ones give way on a narrow terminal. */
export interface BarState {
  readonly label: string;
  /** 0 to 1. */
  readonly done: number;
  /** Texts; or forms of one, of which the first that fits is shown. */
  readonly facts: readonly (string | readonly string[])[];
}

const least = 10;

/** The line of a bar, as wide as the terminal. */
export function barLine({ label, done, facts }: BarState, columns: number): { bar: [string, string]; line: string[] } {
  const shown: string[] = [];
  let room = columns - label.length - 2;
  for (const fact of facts) {
    const fits = [fact].flat().find((form) => room - form.length - 2 >= least);
    if (fits === undefined) break;
    shown.push(fits);
    room -= fits.length + 2;
  }
  const width = Math.max(0, Math.min(40, room));
  const full = Math.round(width * Math.min(1, Math.max(0, done)));
  return { bar: ['━'.repeat(full), '─'.repeat(width - full)], line: [label, ...shown] };
}

/** Bars that stay together below the text that `log` prints. Without a terminal they show nothing. */
export class Bars {
  readonly #output: Output;
  readonly #states: BarState[];
  #multi: MultiBar | undefined;
  #bars: SingleBar[] = [];

  constructor(output: Output, states: readonly BarState[]) {
    this.#output = output;
    this.#states = [...states];
  }

  set(index: number, state: BarState): void {
    this.#states[index] = state;
    if (!this.#output.live) return;
    if (this.#multi === undefined) this.#start();
    this.#bars[index]?.update(0, { state });
  }

  /** A line above the bars. */
  log(text: string): void {
    this.stop();
    this.#output.line(text);
  }

  /** Takes the bars away; `set` brings them back. */
  stop(): void {
    this.#multi?.stop();
    this.#multi = undefined;
  }

  #start(): void {
    const output = this.#output;
    this.#multi = new MultiBar({
      stream: output.stream as NodeJS.WritableStream,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: false,
      format: (_options, _params, payload: { state: BarState }) => {
        const { bar, line } = barLine(payload.state, output.columns);
        const [label = '', ...facts] = line;
        return [label, output.style('cyan', bar[0]) + output.style('dim', bar[1]), ...facts].join('  ');
      },
    });
    this.#bars = this.#states.map((state) => this.#multi?.create(1, 0, { state }) as SingleBar);
  }
}
