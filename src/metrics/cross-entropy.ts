/** Probabilities and their loss; both subtract the largest logit first, so that no exponential overflows. */
import { checkLabelledRows } from './labelled-rows.ts';

/** softmax(x)ᵢ = exp xᵢ / Σⱼ exp xⱼ, in float64. A NaN in the row makes all of it NaN. */
export function softmax(row: ArrayLike<number>): Float64Array {
  const probabilities = Float64Array.from(row);
  const largest = largestOf(row, 0, row.length);
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const exponential = Math.exp((probabilities[i] as number) - largest);
    probabilities[i] = exponential;
    sum += exponential;
  }
  for (let i = 0; i < probabilities.length; i++) probabilities[i] = (probabilities[i] as number) / sum;
  return probabilities;
}

/**
 * −log softmax(logits)[label] in nats: the sum over all rows, and its mean (NaN for no rows).
 * @param logits [labels.length, classes]
 * @throws ShapeError, DataError
 */
export function crossEntropy(
  logits: Float32Array | Float64Array,
  labels: Int32Array,
  classes: number,
): { sum: number; mean: number } {
  checkLabelledRows('crossEntropy', logits, labels, classes);
  let sum = 0;
  for (let row = 0; row < labels.length; row++) {
    const start = row * classes;
    const largest = largestOf(logits, start, start + classes);
    let exponentials = 0;
    for (let c = 0; c < classes; c++) exponentials += Math.exp((logits[start + c] as number) - largest);
    sum += Math.log(exponentials) - ((logits[start + (labels[row] as number)] as number) - largest);
  }
  return { sum, mean: sum / labels.length };
}

function largestOf(values: ArrayLike<number>, start: number, end: number): number {
  let largest = -Infinity;
  for (let i = start; i < end; i++) largest = Math.max(largest, values[i] as number);
  return largest;
}
