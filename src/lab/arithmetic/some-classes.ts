/** Images of some classes, with labels that count from 0 among these. */
import { type Dataset, subset } from '../../data/index.ts';
import { DataError } from '../../tensor/index.ts';
import type { LaboratoryBatch } from '../laboratory.ts';

/** The two halves of so many classes; the first has the middle one. @throws DataError where a half has one class, of which every answer is right */
export function halvesOf(classes: number): readonly [first: readonly number[], second: readonly number[]] {
  if (classes < 4)
    throw new DataError(
      `transfer: expected four classes or more, so that each half has two, but the data has ${classes}`,
      'give data with more classes (--data)',
    );
  const all = Array.from({ length: classes }, (_, i) => i);
  const middle = Math.ceil(classes / 2);
  return [all.slice(0, middle), all.slice(middle)];
}

/** The images of these classes, still with their labels among all. */
export function ofClasses(dataset: Dataset, classes: readonly number[]): Dataset {
  const labels = Array.from(dataset.labels ?? []);
  return subset(
    dataset,
    labels.flatMap((label, i) => (classes.includes(label) ? [i] : [])),
  );
}

/** Labels by their places in `classes`. */
export const amongClasses = ({ images, labels }: LaboratoryBatch, classes: readonly number[]): LaboratoryBatch => ({
  images,
  labels: labels.map((label) => classes.indexOf(label)),
});
