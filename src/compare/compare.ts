/** Networks against each other: trained by one recipe, with several seeds each, and what that comes to. */
import type { CompareOptions } from './compare-options.ts';
import { type Comparison, comparisonOf } from './comparison.ts';
import { comparisonCsv } from './comparison-csv.ts';
import { ComparisonFolder } from './comparison-folder.ts';
import { comparisonPageOf } from './comparison-page.ts';
import { contestantsOf } from './contestant.ts';
import { runAll } from './run-all.ts';
import { settleAll } from './settle-all.ts';
import { settlingLike } from './settle-like.ts';

/**
 * Trains each network with each seed, one run after the other, each in a process of its own. The folder gets a run folder for each,
 * comparison.json, comparison.csv and, once a run is done, comparison.html. Runs that are done are not repeated, one under way goes on as it was left, and one that failed is
 * tried again; the others go on whatever becomes of it.
 * @throws ConfigError, DataError before any run begins: for networks, a recipe or data that cannot work, and where the folder's comparison has other
 *   settings; CheckpointError where its comparison.json is damaged or cannot be written
 */
export async function compare(options: CompareOptions): Promise<Comparison> {
  const { callbacks = [], signal, out } = options;
  const contestants = await contestantsOf(options.models);
  const state = await settleAll(contestants, options);
  const folder = await ComparisonFolder.take(out, state, settlingLike(contestants, options, state));
  try {
    const { networks, runs, seeds, samples } = folder.state;
    const done = runs.filter(({ outcome }) => outcome).length;
    const recipe = networks[0]?.config ?? {};
    for (const { onStart } of callbacks)
      onStart?.({
        folder: folder.path,
        isResumed: folder.isResumed,
        networks,
        seeds,
        samples,
        done,
        runs: runs.length,
        recipe,
      });
    const stopped = await runAll(folder, { callbacks, signal });
    const comparison = comparisonOf(folder.path, stopped, folder.state, (run) => folder.folderOf(run));
    await folder.write('comparison.csv', comparisonCsv(comparison));
    const page = comparisonPageOf(comparison, folder.state);
    if (page !== undefined) await folder.write('comparison.html', page);
    return comparison;
  } finally {
    await folder.leave();
  }
}
