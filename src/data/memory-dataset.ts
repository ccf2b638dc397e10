import { DataError, formatShape } from '../tensor/index.ts';
import type { Dataset, Sample } from './dataset.ts';

/** Everything `memoryDataset` needs; `pixels` is [length, channels, height, width], `labels` [length]. */
export interface MemoryDatasetOptions {
  readonly name: string;
  readonly classes: readonly string[];
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
  readonly labels: ArrayLike<number>;
}

/**
 * A dataset of equally sized images that lie one after the other in memory; samples are views, nothing is copied.
 * @throws DataError where pixels and labels do not fit together, or a label is not the index of a class
 */
export function memoryDataset(options: MemoryDatasetOptions): Dataset {
  const { name, classes, channels, height, width, pixels, labels } = options;
  const size = channels * height * width;
  const { length } = labels;
  if (pixels.length !== length * size)
    throw new DataError(
      `memoryDataset: ${length} labels need ${length * size} bytes of pixels, but got ${pixels.length} ` +
        `(dataset \`${name}\`, images ${formatShape([channels, height, width])})`,
    );
  checkLabels(labels, classes.length, name);
  return {
    name,
    classes,
    length,
    labels,
    read(index): Sample {
      const label = labels[index];
      if (label === undefined)
        throw new DataError(`${name}: no sample ${index}; there are ${length}`, 'indices count from 0');
      return { image: { channels, height, width, pixels: pixels.subarray(index * size, (index + 1) * size) }, label };
    },
  };
}

/** @throws DataError naming the first sample whose label is not an integer in [0, classes) */
export function checkLabels(labels: ArrayLike<number>, classes: number, where: string, hint?: string): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new DataError(
        `${where}: the label of sample ${i} must be an integer from 0 to ${classes - 1} (${classes} classes), ` +
          `but it is ${label}`,
        hint,
      );
  }
}
