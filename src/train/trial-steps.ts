/** Steps that leave no trace: what a run would do, and afterwards its state is what it was. */
import { batchCounts, rowOrder } from './batch-counts.ts';
import { runBatch, trainingSource, update } from './epoch.ts';
import { epochOrder } from './epoch-order.ts';
import { complete, stateOf } from './kept-state.ts';
import type { RunUnderWay } from './run.ts';

/**
 * Runs `trial` on the engine of `run`, whose state is then loaded again.
 * @throws what `trial` throws, once the state is back
 */
export async function withoutTrace<T>(run: RunUnderWay, trial: () => Promise<T>): Promise<T> {
  const { programs, executable } = run;
  const tensors = await stateOf(run);
  try {
    return await trial();
  } finally {
    const own = [...tensors].filter(([name]) => programs.whole.graph.state.has(name));
    await executable.load(complete(new Map(own), programs.whole));
  }
}

/**
 * Steps over the images of the next epoch, again and again; yields the loss of each.
 * @param rate of the step, counted from 0
 * @throws TrainingError where a loss or a gradient is not finite
 */
export async function* trialSteps(run: RunUnderWay, rate: (step: number) => number): AsyncGenerator<number> {
  const { settings } = run;
  const { batchSize, accumulate, splits } = settings;
  const tried: RunUnderWay = { ...run, position: { ...run.position } };
  const source = trainingSource(settings, epochOrder(settings, run.position.epoch), run.position.epoch);
  const countOf = batchCounts(settings, rowOrder(run, source));
  let sums = nothing();
  for (let step = 0; ; ) {
    for await (const batch of run.feed.batches(source)) {
      const place = batch.index % accumulate;
      if (place === 0) sums = nothing();
      const samples = Math.min(batchSize * accumulate, splits.train.length - (batch.index - place) * batchSize);
      const { own, share } = countOf(batch);
      const { loss } = await runBatch(tried, batch, rate(step), place, share);
      sums = { loss: sums.loss + loss * own, own: sums.own + own, count: sums.count + batch.count };
      if (sums.count < samples) continue;
      const mean = sums.loss / sums.own;
      if (accumulate > 1) await update(tried, batch, rate(step), mean);
      tried.position.step++;
      step++;
      yield mean;
    }
  }
}

const nothing = () => ({ loss: 0, own: 0, count: 0 });
