/** What a run took from weights that it started from. */
import type { Settings } from './settings.ts';
import type { StartingState } from './starting-weights.ts';

export interface Transfer {
  /** Where they are from: a path, or an address with its hash. */
  readonly weights: string;
  /** The state entries that have their numbers: `stem.conv1.weight`. */
  readonly loaded: readonly string[];
  /** The paths of layers that start anew, since they are for other classes. */
  readonly replaced: readonly string[];
  /** The paths of layers that keep their weights through the whole run. */
  readonly frozen: readonly string[];
}

/** Undefined for a run from random weights. */
export function transferOf(
  { weights, phases }: Pick<Settings, 'weights' | 'phases'>,
  { loaded, head }: Pick<StartingState, 'loaded' | 'head'>,
): Transfer | undefined {
  if (weights === undefined) return undefined;
  return {
    weights: weights.word,
    loaded,
    replaced: head?.fate === 'renewed' ? [head.path] : [],
    frozen: frozenThroughout({ phases }),
  };
}

/** The layers that no phase trains. */
export function frozenThroughout({ phases }: Pick<Settings, 'phases'>): string[] {
  const [first, ...others] = phases;
  return (first?.freeze ?? []).filter((path) => others.every(({ freeze }) => freeze.includes(path)));
}
