/** Steps that are taken again as they go on: a live bar, or a plain line every ten seconds. */
import { Bars } from './bars.ts';
import { Interrupted, interruptible } from './interruption.ts';
import type { Output } from './output.ts';
import { clock, count } from './quantity.ts';
import { everyTenSeconds } from './train-progress.ts';

/** What `work` is given. */
interface Watched {
  readonly signal: AbortSignal;
  readonly onStep: (done: number, total: number) => void;
}

/** Ctrl-C ends it; there is nothing to save. */
export function watchedSteps<T>(output: Output, work: (watched: Watched) => Promise<T>): Promise<T> {
  return interruptible(output, async (signal) => {
    const bars = new Bars(output, [{ label: 'steps', done: 0, facts: [] }]);
    const due = everyTenSeconds();
    // the first step has the start of the engine in it
    let first: number | undefined;
    const onStep = (done: number, total: number): void => {
      first ??= performance.now();
      const left = done === 1 ? Number.NaN : ((performance.now() - first) / 1000 / (done - 1)) * (total - done);
      const facts = [`${count(done)} of ${count(total)}`, `${clock(left)} left`];
      bars.set(0, { label: 'steps', done: done / total, facts });
      if (!output.live && due() && done < total) bars.log(`  step ${facts.join(', ')}`);
    };
    try {
      return await work({ signal, onStep });
    } catch (error) {
      if (!signal.aborted || error !== signal.reason) throw error;
      bars.stop();
      output.line('Stopped; nothing was changed');
      throw new Interrupted();
    } finally {
      bars.stop();
    }
  });
}
