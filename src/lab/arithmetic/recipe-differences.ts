/** What two runs that were not begun yet have otherwise. */
import { settledDifference } from '../../train/index.ts';

type Config = Readonly<Record<string, unknown>>;

/** A setting of two runs, as people write its values. */
export type RecipeDifference = NonNullable<ReturnType<typeof settledDifference>>;

/** Every setting that differs, where `settledDifference` names the first. */
export function allDifferences(a: Config, b: Config): RecipeDifference[] {
  const found: RecipeDifference[] = [];
  let now = b;
  for (let next = settledDifference(a, now); next; next = settledDifference(a, now)) {
    found.push(next);
    now = { ...now, [next.key]: a[next.key] };
  }
  return found;
}
