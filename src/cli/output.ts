/** Where a command's words go: text and progress for people, JSON for programs. */
import { styleText } from 'node:util';
import { wrapped } from './wrapped.ts';

/** What a command writes to: the process's streams, or a test's. */
export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** The same without what only terminals understand. */
export const plain = (stream: Stream): Stream => ({ write: (text) => stream.write(text) });

export interface Streams {
  readonly stdout: Stream;
  readonly stderr: Stream;
}

/** What commands share: where their output goes. */
export interface Surroundings {
  /** The command's words, as it was called. */
  readonly words: readonly string[];
  output(options: { readonly json?: boolean }): Output;
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'cyan';

/** One command's output. */
export class Output {
  /** Of everything for people: standard output, or standard error where JSON goes to standard output. */
  readonly stream: Stream;
  /** How the user calls skein: a prefix of commands that they can copy. */
  readonly command: string;
  /** Of failures. */
  readonly stderr: Stream;
  readonly #stdout: Stream;

  constructor(streams: Streams, command: string, { json = false } = {}) {
    this.stream = json ? streams.stderr : streams.stdout;
    this.command = command;
    this.stderr = streams.stderr;
    this.#stdout = streams.stdout;
  }

  /** Whether lines can be redrawn. */
  get live(): boolean {
    return this.stream.isTTY === true;
  }

  /** Characters of a line; one is left free, since some terminals wrap after the last. */
  get columns(): number {
    // mpirun of Open MPI gives its ranks a terminal of width 0
    return (this.stream.columns || 80) - 1;
  }

  line(text = ''): void {
    this.stream.write(`${text}\n`);
  }

  /** Prose, broken to the terminal's width. */
  paragraph(text: string, style?: Style): void {
    for (const line of this.folded(text)) this.line(style ? this.style(style, line) : line);
  }

  /** A line of what something is called, padded to `width`, and what is said about it. */
  labelled(label: string, text: string, width = label.length): void {
    const start = label.padEnd(width);
    const [first = '', ...rest] = this.folded(text, `${start}  `);
    this.line(this.style('bold', start) + first.slice(start.length));
    for (const line of rest) this.line(line);
  }

  /** `start` and words after it, of which those that have no room stand below the first, as far as the terminal has a width. */
  folded(text: string, start = ''): string[] {
    const width = this.live ? this.columns - start.length : Number.POSITIVE_INFINITY;
    return wrapped(text, width).map((line, i) => (i === 0 ? start : ' '.repeat(start.length)) + line);
  }

  /** The command's result for programs. */
  json(value: unknown): void {
    this.result(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** The same as text of another form, where `json` keeps standard output free for it. */
  result(text: string): void {
    this.#stdout.write(text);
  }

  /** Coloured on a terminal, unless NO_COLOR is set. */
  style(style: Style, text: string): string {
    return styled(this.stream, style, text);
  }
}

/** Coloured where the stream is a terminal and NO_COLOR is not set (no-color.org). */
export function styled(stream: Stream, style: Style, text: string): string {
  return stream.isTTY === true && !process.env.NO_COLOR ? styleText(style, text) : text;
}
