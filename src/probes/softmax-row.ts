/**
 * Makes a row of logits probabilities, in place, and returns the cross-entropy −log p of `label` in nats (0 where none is given), which stays
 * finite where p is too small for a float64.
 */
export function softmaxRow(rows: Float64Array, offset: number, classes: number, label?: number): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < classes; c++) largest = Math.max(largest, rows[offset + c]!);
  const own = label === undefined ? 0 : rows[offset + label]! - largest;
  let total = 0;
  for (let c = 0; c < classes; c++) {
    const power = Math.exp(rows[offset + c]! - largest);
    rows[offset + c] = power;
    total += power;
  }
  for (let c = 0; c < classes; c++) rows[offset + c]! /= total;
  return label === undefined ? 0 : Math.log(total) - own;
}
