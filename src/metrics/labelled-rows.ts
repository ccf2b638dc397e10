import { DataError, ShapeError } from '../tensor/index.ts';

/**
 * Checks that `values` is [labels.length, classes] and that every label names one of the columns.
 * @throws ShapeError or DataError
 */
export function checkLabelledRows(where: string, values: ArrayLike<number>, labels: Int32Array, classes: number): void {
  if (!Number.isSafeInteger(classes) || classes < 1)
    throw new ShapeError(`${where}: expected at least 1 class, got ${classes}`);
  if (values.length !== labels.length * classes)
    throw new ShapeError(
      `${where}: expected ${labels.length} rows of ${classes} values, one row per label, got ${values.length} values`,
    );
  const row = labels.findIndex((label) => label < 0 || label >= classes);
  if (row >= 0)
    throw new DataError(`${where}: expected labels from 0 to ${classes - 1}, got ${labels[row]} in row ${row}`);
}
