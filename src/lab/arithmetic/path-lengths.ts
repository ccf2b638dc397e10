/** How many paths of each length a tower of blocks has, and which lengths carry the gradient: Veit et al. 2016 (arXiv 1605.06431), §5. */

/** The share of all 2ⁿ paths that go through k of n branches, for k from 0 to n: the binomial distribution. */
export function pathShares(blocks: number): number[] {
  const shares: number[] = [2 ** -blocks];
  // C(n, k) = C(n, k − 1) · (n − k + 1) / k
  for (let k = 1; k <= blocks; k++) shares.push(((shares[k - 1] as number) * (blocks - k + 1)) / k);
  return shares;
}

/** What paths of each length carry together, as shares of the sum: how many there are times what one carries. */
export function carriedShares(shares: readonly number[], magnitudes: readonly number[]): number[] {
  const carried = shares.map((share, k) => share * (magnitudes[k] as number));
  const all = carried.reduce((sum, x) => sum + x, 0);
  return carried.map((x) => x / all);
}

/** Lengths from `from` to `to`. */
export interface LengthRange {
  readonly from: number;
  readonly to: number;
}

/** The shortest run of lengths that holds at least `most` of the whole; the first of equals. */
export function shortestRange(shares: readonly number[], most = 0.95): LengthRange {
  let best: LengthRange = { from: 0, to: shares.length - 1 };
  let sum = 0;
  let from = 0;
  shares.forEach((share, to) => {
    sum += share;
    while (from < to && sum - (shares[from] as number) >= most) sum -= shares[from++] as number;
    if (sum >= most && to - from < best.to - best.from) best = { from, to };
  });
  return best;
}

export const shareIn = (shares: readonly number[], { from, to }: LengthRange): number =>
  shares.slice(from, to + 1).reduce((sum, x) => sum + x, 0);

export const meanLength = (shares: readonly number[]): number => shares.reduce((sum, x, k) => sum + x * k, 0);

/** By what each further branch multiplies what a path carries: e to the slope of the line through the logarithms, by least squares. */
export function factorPerBranch(magnitudes: readonly number[]): number {
  const points = magnitudes.flatMap((m, k) => (m > 0 && Number.isFinite(m) ? [[k, Math.log(m)] as const] : []));
  const middle = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [middle(0), middle(1)];
  const slope =
    points.reduce((sum, [k, m]) => sum + (k - x) * (m - y), 0) / points.reduce((sum, [k]) => sum + (k - x) ** 2, 0);
  return Math.exp(slope);
}
