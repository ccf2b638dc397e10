/** Images that cannot be read, where that does not end a run: whose place they leave to whom. */
import { type Dataset, surveyCommand } from '../data/index.ts';
import { DataError } from '../tensor/index.ts';
import type { BatchArrays, FailedRow } from './batch.ts';

/** The place of each is taken by the next row that is good. @throws DataError where none is */
export function replaceRows(
  arrays: BatchArrays,
  failed: readonly FailedRow[],
  size: number,
  { classes, source }: Pick<Dataset, 'classes' | 'source'>,
): void {
  const rows = arrays.labels.length;
  const bad = new Set(failed.map(({ row }) => row));
  for (const { row, message } of failed) {
    const places = Array.from({ length: rows }, (_, i) => (row + i) % rows);
    const from = places.find((place) => !bad.has(place));
    if (from === undefined)
      throw new DataError(
        `batches: expected at least one image of each batch to be readable, but of ${failed.length} none is: ${message}`,
        source && `${surveyCommand(source)} lists the images that cannot be read`,
      );
    copyRow(arrays, from, row, size, classes.length);
  }
}

/** The rows behind move up. @returns how many of the first `count` are left */
export function leaveOut(
  arrays: BatchArrays,
  failed: readonly FailedRow[],
  count: number,
  size: number,
  classes: number,
): number {
  const bad = new Set(failed.map(({ row }) => row));
  let left = 0;
  for (let row = 0; row < count; row++) {
    if (bad.has(row)) continue;
    if (left !== row) copyRow(arrays, row, left, size, classes);
    left++;
  }
  arrays.images.fill(0, left * size, count * size);
  return left;
}

function copyRow({ images, labels, targets }: BatchArrays, from: number, to: number, size: number, classes: number) {
  images.copyWithin(to * size, from * size, (from + 1) * size);
  labels[to] = labels[from] as number;
  targets?.copyWithin(to * classes, from * classes, (from + 1) * classes);
}
