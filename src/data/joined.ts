import { isDeepStrictEqual } from 'node:util';
import type { Dataset } from './dataset.ts';
import { readingItsFiles, readsItsFiles } from './file-readers.ts';
import { idOf } from './sample-ids.ts';

/** The samples of several datasets of the same classes, one after the other. */
export function joined(datasets: readonly [Dataset, ...Dataset[]], name: string = datasets[0].name): Dataset {
  const [first] = datasets;
  const starts = datasets.map((_, i) => datasets.slice(0, i).reduce((sum, { length }) => sum + length, 0));
  const length = datasets.reduce((sum, dataset) => sum + dataset.length, 0);
  const everyIndex = <T>(of: (dataset: Dataset, index: number) => T): T[] =>
    datasets.flatMap((dataset) => Array.from({ length: dataset.length }, (_, index) => of(dataset, index)));
  const all: Dataset = {
    name,
    classes: first.classes,
    length,
    ids: everyIndex(idOf),
    ...(datasets.every(({ labels }) => labels) && {
      labels: everyIndex(({ labels }, index) => labels?.[index] as number),
    }),
    ...(datasets.every(({ sizes }) => sizes) && {
      sizes: async () =>
        (await Promise.all(datasets.map(({ sizes }) => sizes?.()))).flatMap((sizes) => Array.from(sizes ?? [])),
    }),
    ...(datasets.every(({ images }) => images && isDeepStrictEqual(images.size, first.images?.size)) &&
      first.images && { images: { ...first.images, paths: datasets.flatMap(({ images }) => images?.paths ?? []) } }),
    ...(first.source !== undefined && { source: first.source }),
    ...(datasets.some(({ softLabels }) => softLabels) && { softLabels: true }),
    read(index) {
      const at = starts.findLastIndex((start) => start <= index);
      return (datasets[at] as Dataset).read(index - (starts[at] as number));
    },
  };
  return datasets.every(readsItsFiles) ? readingItsFiles(all) : all;
}
