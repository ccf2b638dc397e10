/** Ctrl-C, or the end that a system asks for (SIGTERM): once to stop after the step under way and save, twice to quit at once. */
import { onStopWord } from './launched-stop.ts';
import type { Output } from './output.ts';

const signals = ['SIGINT', 'SIGTERM'] as const;

/** A command that Ctrl-C ended, after it had said all there is to say. */
export class Interrupted extends Error {
  readonly byAll: boolean;

  /** @param byAll whether all ranks of a job stopped together, so that none waits for this one */
  constructor(byAll = false) {
    super();
    this.byAll = byAll;
  }
}

/** Runs `work` with a signal that Ctrl-C sends. */
export async function interruptible<T>(output: Output, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) {
      if (output.live) output.stream.write('\x1b[?25h\x1b[?7h\n'); // the cursor and line wrapping, which bars turn off
      process.exit(130);
    }
    controller.abort();
  };
  for (const name of signals) process.on(name, onInterrupt);
  const deaf = onStopWord(onInterrupt);
  try {
    return await work(controller.signal);
  } finally {
    deaf();
    for (const name of signals) process.off(name, onInterrupt);
  }
}
