import { ConfigError } from '../tensor/index.ts';
import type { Dataset } from './dataset.ts';
import { readingItsFiles, readsItsFiles } from './file-readers.ts';
import { idOf } from './sample-ids.ts';

/**
 * The samples of `dataset` at `indices`, in that order; an index may come twice.
 * @throws ConfigError where an index is not one of the dataset's
 */
export function subset(dataset: Dataset, indices: ArrayLike<number>, name: string = dataset.name): Dataset {
  const chosen = Uint32Array.from(indices);
  for (let i = 0; i < chosen.length; i++) {
    const index = indices[i] as number;
    if (!(Number.isInteger(index) && index >= 0 && index < dataset.length))
      throw new ConfigError(
        `subset: \`indices\` must be integers from 0 to ${dataset.length - 1}, but entry ${i} is ${index} ` +
          `(dataset \`${dataset.name}\`)`,
      );
  }
  const { labels, source, images } = dataset;
  const part: Dataset = {
    name,
    classes: dataset.classes,
    length: chosen.length,
    ids: Array.from(chosen, (index) => idOf(dataset, index)),
    ...(dataset.sizes && { sizes: () => sizesAt(dataset, chosen) }),
    ...(source !== undefined && { source }),
    ...(images && { images: { ...images, paths: Array.from(chosen, (index) => images.paths[index] as string) } }),
    ...(dataset.softLabels && { softLabels: true }),
    ...(labels && { labels: Int32Array.from(chosen, (index) => labels[index] as number) }),
    read(index) {
      const original = chosen[index];
      if (original === undefined) throw new ConfigError(`${name}: no sample ${index}; there are ${chosen.length}`);
      return dataset.read(original);
    },
  };
  return readsItsFiles(dataset) ? readingItsFiles(part) : part;
}

async function sizesAt(dataset: Dataset, chosen: Uint32Array): Promise<number[]> {
  const sizes = (await dataset.sizes?.()) ?? [];
  return Array.from(chosen, (index) => sizes[index] as number);
}
