import { ConfigError } from '../tensor/index.ts';
import { checkLabelledRows } from './labelled-rows.ts';

/** Index of the largest entry, the first of equals; NaN never wins. -1 where no entry is a number. */
export function argMax(row: ArrayLike<number>): number {
  let best = -1;
  for (let i = 0; i < row.length; i++) {
    const value = row[i] as number;
    if (!Number.isNaN(value) && (best < 0 || value > (row[best] as number))) best = i;
  }
  return best;
}

/**
 * How many rows have their label among the k largest logits. Doubt counts against the network: a row is correct only if
 * fewer than k of its other entries are equal to or larger than the label's, so that a constant output scores nothing; a
 * NaN at the label is never correct, and a NaN elsewhere ranks above every number.
 * @param logits [labels.length, classes]
 * @throws ShapeError, DataError, ConfigError
 */
export function topK(logits: Float32Array | Float64Array, labels: Int32Array, classes: number, k: number): number {
  checkLabelledRows('topK', logits, labels, classes);
  if (!Number.isSafeInteger(k) || k < 1) throw new ConfigError(`topK: expected k to be an integer >= 1, got ${k}`);
  let correct = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    const start = row * classes;
    const own = logits[start + label] as number;
    if (Number.isNaN(own)) continue;
    let ahead = 0;
    for (let c = 0; c < classes && ahead < k; c++) if (c !== label && !((logits[start + c] as number) < own)) ahead++;
    if (ahead < k) correct++;
  }
  return correct;
}
