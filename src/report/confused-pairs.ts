import type { ConfusionMatrix } from '../metrics/index.ts';

/** A wrong answer that the network gives more than never. */
export interface ConfusedPair {
  readonly label: number;
  readonly prediction: number;
  readonly count: number;
  /** Of the images with this label. */
  readonly share: number;
}

/** All pairs of a class and another that it was taken for, the most frequent first. */
export function confusedPairs(matrix: ConfusionMatrix): ConfusedPair[] {
  const pairs: ConfusedPair[] = [];
  for (let label = 0; label < matrix.classes; label++) {
    let support = 0;
    const wrong: [prediction: number, count: number][] = [];
    for (let prediction = 0; prediction < matrix.classes; prediction++) {
      const count = matrix.count(label, prediction);
      support += count;
      if (count > 0 && prediction !== label) wrong.push([prediction, count]);
    }
    for (const [prediction, count] of wrong) pairs.push({ label, prediction, count, share: count / support });
  }
  return pairs.sort((a, b) => b.count - a.count || b.share - a.share);
}
