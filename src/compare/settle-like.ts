/** The settings of a comparison as one that was begun has them: a batch size that is left open is the one that was settled then. */
import { ConfigError } from '../tensor/index.ts';
import type { CompareOptions } from './compare-options.ts';
import type { ComparisonState } from './comparison-state.ts';
import type { Contestant } from './contestant.ts';
import { settleAll } from './settle-all.ts';

/** What a comparison would come to beside one that was begun. */
export type SettleLike = (begun: ComparisonState) => Promise<ComparisonState>;

/**
 * @param settled what the options come to where nothing was begun
 * @returns which settles again only where the batch is to fit the memory, whose free share is never the same
 */
export function settlingLike(
  contestants: readonly Contestant[],
  options: CompareOptions,
  settled: ComparisonState,
): SettleLike {
  const bySize = new Map([[batchSizeOf(settled), Promise.resolve(settled)]]);
  return (begun) => {
    const batchSize = batchSizeOf(begun);
    if (options.batchSize !== 'auto' || batchSize === undefined) return Promise.resolve(settled);
    const known = bySize.get(batchSize);
    if (known) return known;
    const again = settleAll(contestants, { ...options, batchSize }).catch((error) => {
      // that of other data may be impossible here
      if (error instanceof ConfigError) return settled;
      throw error;
    });
    bySize.set(batchSize, again);
    return again;
  };
}

function batchSizeOf({ networks: [first] }: ComparisonState): number | undefined {
  const size = first?.config.batchSize;
  return typeof size === 'number' ? size : undefined;
}
