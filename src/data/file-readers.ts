/** Which datasets' `read` is what their files say: of one that a person has put in its place nobody knows that. */
import type { Dataset, ImageFiles } from './dataset.ts';

const readers = new WeakSet<Dataset['read']>();

/** The same dataset, whose `read` decodes its `images`. */
export function readingItsFiles<Read extends Dataset>(dataset: Read): Read {
  readers.add(dataset.read);
  return dataset;
}

export const readsItsFiles = (dataset: Dataset): dataset is Dataset & { readonly images: ImageFiles } =>
  dataset.images !== undefined && readers.has(dataset.read);
