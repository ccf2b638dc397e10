/** What shares are drawn from. */
import type { Random } from '../tensor/index.ts';

/** Gamma with this shape and scale 1 (Marsaglia and Tsang 2000; below 1 by a power of a uniform number, as they propose). */
export function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Shares that add up to 1. */
export function dirichlet(alphas: readonly number[], random: Random): number[] {
  const parts = alphas.map((alpha) => gamma(alpha, random));
  const sum = parts.reduce((total, one) => total + one, 0);
  if (sum > 0) return parts.map((one) => one / sum);
  // of tiny alphas all may be too small for a number: then one has it all
  const winner = random.integer(alphas.length);
  return alphas.map((_, at) => Number(at === winner));
}

/** A share whose distribution is the same from both ends. */
export const symmetricBeta = (alpha: number, random: Random): number => dirichlet([alpha, alpha], random)[0] as number;
