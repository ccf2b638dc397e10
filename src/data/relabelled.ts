import { DataError } from '../tensor/index.ts';
import type { Dataset, Sample } from './dataset.ts';
import { readingItsFiles, readsItsFiles } from './file-readers.ts';

/**
 * `dataset` with the labels of another list of classes: a label that was i is `places[i]`, an index into `classes`.
 * @throws DataError where a label is none of the dataset's classes
 */
export function relabelled(dataset: Dataset, classes: readonly string[], places: readonly number[]): Dataset {
  const { name, length, labels, softLabels, images, ids, source } = dataset;
  const isSame = classes.length === dataset.classes.length && places.every((place, i) => place === i);
  if (isSame && classes.every((known, i) => known === dataset.classes[i])) return dataset;
  const placeOf = (label: number, index: number): number => {
    const place = places[label];
    if (place !== undefined) return place;
    throw new DataError(
      `${name}: expected labels from 0 to ${places.length - 1}, but sample ${index} has ${label}`,
      'each label is an index into the classes of the dataset',
    );
  };
  const changed = (sample: Sample, index: number): Sample => ({
    ...sample,
    label: placeOf(sample.label, index),
    ...(sample.targets && { targets: spread(sample.targets, places, classes.length) }),
  });
  const renamed: Dataset = {
    name,
    classes,
    length,
    ...(softLabels !== undefined && { softLabels }),
    ...(images && { images }),
    ...(ids && { ids }),
    ...(source !== undefined && { source }),
    ...(dataset.sizes && { sizes: async () => (await dataset.sizes?.()) ?? [] }),
    ...(labels && { labels: Int32Array.from({ length: labels.length }, (_, i) => placeOf(labels[i] as number, i)) }),
    read(index) {
      const read = dataset.read(index);
      return 'then' in read ? read.then((sample) => changed(sample, index)) : changed(read, index);
    },
  };
  return readsItsFiles(dataset) ? readingItsFiles(renamed) : renamed;
}

function spread(targets: ArrayLike<number>, places: readonly number[], length: number): Float32Array {
  const shares = new Float32Array(length);
  for (const [i, place] of places.entries()) shares[place] = (shares[place] as number) + (targets[i] as number);
  return shares;
}
