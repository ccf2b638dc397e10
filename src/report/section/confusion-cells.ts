import type { ConfusionMatrix } from '../../metrics/index.ts';

/** An answer that the network gave at least once. */
export interface ConfusionCell {
  readonly label: number;
  readonly prediction: number;
  readonly count: number;
  /** Of the images with this label. */
  readonly share: number;
}

/** The cells of a confusion matrix that are not empty, row by row. */
export function confusionCells(matrix: ConfusionMatrix): ConfusionCell[] {
  return matrix.rows().flatMap((row, label) => {
    const support = row.reduce((sum, count) => sum + count, 0);
    return row.flatMap((count, prediction) =>
      count > 0 ? [{ label, prediction, count, share: count / support }] : [],
    );
  });
}
