/** Which steps of a run are worth taking again to verify it: those that end where something is recorded. */

/** Steps from one place to another. */
export interface Leg {
  /** Complete steps where it begins: a checkpoint's, or 0. */
  readonly from: number;
  readonly to: number;
}

/** What can be compared, by complete steps in ascending order. */
export interface Recorded {
  /** Of checkpoints; 0 for the start. */
  readonly points: readonly number[];
  /** Of losses. */
  readonly losses: readonly number[];
}

/**
 * All stretches between neighbouring checkpoints, and to the losses after the last, where they are at most `most` steps together. Else the shortest
 * whole, and of the others as much as is left, up to the last loss that is recorded there; legs that meet are one. Empty where nothing
 * lies within as many steps.
 */
export function plannedLegs({ points, losses }: Recorded, most: number): Leg[] {
  const places = [...new Set(points)];
  const stretches: Leg[] = places.slice(1).map((to, i) => ({ from: places[i] as number, to }));
  const newest = places.at(-1);
  const lastLoss = losses.at(-1);
  if (newest !== undefined && lastLoss !== undefined && lastLoss > newest)
    stretches.push({ from: newest, to: lastLoss });
  let left = most;
  const taken: Leg[] = [];
  for (const { from, to } of stretches.sort((a, b) => lengthOf(a) - lengthOf(b) || a.from - b.from)) {
    const reached =
      to - from <= left ? to : losses.filter((step) => step > from && step <= from + left && step < to).at(-1);
    if (reached === undefined) continue;
    taken.push({ from, to: reached });
    left -= reached - from;
  }
  return joined(taken.sort((a, b) => a.from - b.from));
}

/** The fewest steps after which there is something to compare; undefined where there is never anything. */
export function fewestSteps({ points, losses }: Recorded): number | undefined {
  const ways = points.flatMap((from) =>
    [...points, ...losses].filter((step) => step > from).map((step) => step - from),
  );
  return ways.length > 0 ? Math.min(...ways) : undefined;
}

export const lengthOf = ({ from, to }: Leg): number => to - from;

function joined(legs: readonly Leg[]): Leg[] {
  const all: Leg[] = [];
  for (const leg of legs) {
    const before = all.at(-1);
    if (before?.to === leg.from) all[all.length - 1] = { from: before.from, to: leg.to };
    else all.push(leg);
  }
  return all;
}
