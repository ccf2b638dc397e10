/** Two ways to put weights into networks, by what their batch norms say. */
import type { NormFit } from './measure-fit.ts';

/** Two batch norms that read one feature agree to less than this many deviations. */
export const sameMeasure = 0.5;

/** One is clearly better where what is different has less than half the error, and the difference is more than noise. */
export function isClearlyBetter(a: readonly NormFit[], b: readonly NormFit[]): boolean {
  const [less, more] = errors(a, b);
  return less < more / 2 && more - less > 0.02;
}

/** Less error where the two differ, however little. */
export function isBetter(a: readonly NormFit[], b: readonly NormFit[]): boolean {
  const [less, more] = errors(a, b);
  return less < more;
}

/** Sums over the batch norms that say something else of the two: in a deep network most are as they were. */
function errors(a: readonly NormFit[], b: readonly NormFit[]): [number, number] {
  const other = new Map(b.map((fit) => [fit.name, errorOf(fit)]));
  let [ours, theirs] = [0, 0];
  for (const fit of a) {
    const [mine, its] = [errorOf(fit), other.get(fit.name)];
    if (its === undefined || Math.abs(mine - its) < 1e-4) continue;
    ours += mine;
    theirs += its;
  }
  return [ours, theirs];
}

const errorOf = ({ error, contradiction }: NormFit) => error + (contradiction > sameMeasure ? 1 : 0);
