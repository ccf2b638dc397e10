/** Which lengths of paths carry a network's gradient. */
import {
  carriedShares,
  factorPerBranch,
  type LengthRange,
  meanLength,
  shareIn,
  shortestRange,
} from '../arithmetic/path-lengths.ts';
import type { PathsRecord } from './paths-result.ts';

/** The lengths that carry most of the gradient. */
export interface Effective {
  readonly carried: readonly number[];
  /** The shortest run of lengths with 95 % of it. */
  readonly range: LengthRange;
  readonly mean: number;
  /** Of all paths, those of these lengths. */
  readonly share: number;
  readonly factor: number;
}

/** Undefined where a norm was not finite, or nothing arrives at all. */
export function effectivePaths({ lengths }: PathsRecord): Effective | undefined {
  const norms = lengths.flatMap(({ norm }) => (norm === null ? [] : [norm]));
  if (norms.length < lengths.length || !norms.some((norm) => norm > 0)) return undefined;
  const shares = lengths.map(({ share }) => share);
  const carried = carriedShares(shares, norms);
  const range = shortestRange(carried);
  return { carried, range, mean: meanLength(carried), share: shareIn(shares, range), factor: factorPerBranch(norms) };
}
