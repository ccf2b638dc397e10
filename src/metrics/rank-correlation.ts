import { ShapeError } from '../tensor/index.ts';

/**
 * Spearman's rank correlation (1904): Pearson's of the ranks, equal numbers sharing their mean rank. 1 for the same order, −1 for the opposite;
 * NaN where all numbers of one side are equal, since they have no order.
 * @throws ShapeError where the two differ in length
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length)
    throw new ShapeError(
      `rankCorrelation: expected as many numbers on both sides, but got ${a.length} and ${b.length}`,
    );
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length - 1) / 2;
  let [product, squaresX, squaresY] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [p, q] = [(x[i] as number) - middle, (y[i] as number) - middle];
    product += p * q;
    squaresX += p * p;
    squaresY += q * q;
  }
  return product / Math.sqrt(squaresX * squaresY);
}

/** From 0; equal numbers share the mean of their places. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort(
    (i, j) => (values[i] as number) - (values[j] as number),
  );
  const found = new Float64Array(values.length);
  for (let first = 0; first < order.length; ) {
    let after = first + 1;
    while (after < order.length && values[order[after] as number] === values[order[first] as number]) after++;
    for (let at = first; at < after; at++) found[order[at] as number] = (first + after - 1) / 2;
    first = after;
  }
  return found;
}
