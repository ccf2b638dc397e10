/** The labels of samples, as batches have them. */
import type { Dataset, Sample } from '../data/index.ts';
import { DataError } from '../tensor/index.ts';

/** The targets of a sample, or its label as such. @throws DataError where they are no shares */
export function sharesOf(
  { name, classes }: Dataset,
  index: number,
  { label, targets }: Omit<Sample, 'image'>,
): Float32Array {
  if (targets === undefined) return Float32Array.from(classes, (_, at) => (at === label ? 1 : 0));
  const numbers = Float32Array.from(targets);
  if (numbers.length !== classes.length || !numbers.every((share) => share >= 0 && share <= 1))
    throw new DataError(
      `batches: expected ${classes.length} shares from 0 to 1 as \`targets\`, but sample ${index} has [${Array.from(targets).slice(0, 8).join(', ')}] ` +
        `(dataset \`${name}\`)`,
    );
  return numbers;
}

/** @throws DataError where it is none of the classes */
export function expectLabel({ name, classes }: Dataset, index: number, label: number): void {
  if (Number.isInteger(label) && label >= 0 && label < classes.length) return;
  throw new DataError(
    `batches: expected labels from 0 to ${classes.length - 1}, but sample ${index} has ${label} ` +
      `(dataset \`${name}\`)`,
  );
}
