import type { Dataset } from './dataset.ts';
import { fileDataset } from './file-dataset.ts';
import type { ImageSize } from './scaling.ts';

/**
 * Image files of which no class is known, as a dataset of one class without a name.
 * @param name in messages
 * @param ids what each file is called in the data
 */
export function unlabelledImages(
  name: string,
  paths: readonly string[],
  ids: readonly string[],
  size: ImageSize,
): Dataset {
  const labels = paths.map(() => 0);
  return fileDataset(name, [''], { paths, ids, labels, source: name }, size);
}
