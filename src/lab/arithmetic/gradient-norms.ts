/** Norms of gradients, down to where float32 itself ends: squares alone would be 0 from 1e-19 on. */
import { concat, multiply, sumOfSquares, type Value } from '../../ir/index.ts';
import type { Tensor } from '../../tensor/index.ts';

/** A power of two changes no digit of what it multiplies. */
const magnification = 2 ** 60;
/** Squares below this have lost digits, or may have. */
const leastSquare = 1e-20;

/** Outputs of a program from which `normsFrom` reads the norm of each of these gradients. */
export const normOutputs = (gradients: readonly Value[]): [string, Value][] => [
  ['squares', concat(gradients.map(sumOfSquares), 0)],
  [
    'magnified squares',
    concat(
      gradients.map((one) => sumOfSquares(multiply(one, magnification))),
      0,
    ),
  ],
];

/** The norms, in the order of the gradients; 0 where float32 has no number that small. */
export function normsFrom(outputs: ReadonlyMap<string, Tensor>): number[] {
  const squares = Array.from(outputs.get('squares')?.data as Float32Array);
  const magnified = outputs.get('magnified squares')?.data as Float32Array;
  return squares.map((square, i) =>
    square < leastSquare ? Math.sqrt(magnified[i] as number) / magnification : Math.sqrt(square),
  );
}

/** A first layer that gets less than this share of the last one's gradient has as good as none; one that gets more than its inverse, too much. */
export const leastShare = 0.01;

/** How the norms of a network's layers run, from its first to its last. */
export interface NormCourse {
  /** First by last; null where one of them is 0 or none. */
  readonly ratio: number | null;
  /** What a layer multiplies the norm by on the way back to the first, as a geometric mean. */
  readonly factor: number | null;
}

/** @param layers how many layers lie between the first and the last reading */
export function courseOf(norms: readonly (number | null)[], layers = norms.length - 1): NormCourse {
  const [first, last] = [norms[0], norms.at(-1)];
  if (!first || !last || layers < 1) return { ratio: null, factor: null };
  const ratio = first / last;
  return { ratio, factor: ratio ** (1 / layers) };
}

/** Largest by smallest; null where there are none, or one is 0. */
export function spreadOf(norms: readonly (number | null)[]): number | null {
  const known = norms.filter((norm): norm is number => norm !== null && Number.isFinite(norm));
  const least = Math.min(...known);
  return known.length === 0 || least === 0 ? null : Math.max(...known) / least;
}
