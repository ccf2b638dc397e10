/** What correlations along a line say. */
import type { LineNumbers, ShatteringResult, TowerLine } from './shattering-result.ts';

/** Correlations that are nearer are not told apart. */
export const leastDifference = 0.05;

/** Of a variant, from the lowest tower to the highest. */
export const linesOf = ({ towers }: Pick<ShatteringResult, 'towers'>, variant: string): TowerLine[] =>
  towers.filter((one) => one.variant === variant).sort((a, b) => a.depth - b.depth);

/** Whether the first is the less correlated; undefined where it cannot be told. */
export function isLess(one: number | null | undefined, other: number | null | undefined): boolean | undefined {
  if (one == null || other == null || Math.abs(one - other) < leastDifference) return undefined;
  return one < other;
}

/** Of points next to each other. */
export const neighbours = ({ autocorrelation }: LineNumbers): number | null => autocorrelation[1] ?? null;

/** At the greatest depth: the correlation of a variant; null where there is none. */
export const deepestCorrelation = (result: Pick<ShatteringResult, 'towers'>, variant: string): number | null =>
  linesOf(result, variant).at(-1)?.correlation ?? null;

/** How many points apart gradients are when their correlation is below a half for the first time; null where it stays above. */
export function halfAt(autocorrelation: readonly (number | null)[]): number | null {
  const place = autocorrelation.findIndex((value) => value !== null && value < 0.5);
  return place < 0 ? null : place;
}
