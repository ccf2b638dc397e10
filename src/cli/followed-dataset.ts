import type { Dataset } from '../data/index.ts';

/** The dataset, of which `onRead` hears how many of its samples have been read; those that fill up the last batch count no second time. */
export function followedDataset(dataset: Dataset, onRead: (done: number) => void): Dataset {
  const { name, classes, length, labels } = dataset;
  const seen = new Uint8Array(length);
  let read = 0;
  return {
    name,
    classes,
    length,
    ...(labels && { labels }),
    read: (index) => {
      if (seen[index] === 0) onRead(++read);
      seen[index] = 1;
      return dataset.read(index);
    },
  };
}
