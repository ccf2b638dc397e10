/** Which images that it learned from a network finds most like others. */
import type { Dataset } from '../data/index.ts';
import { nearestNeighbours } from '../probes/index.ts';
import type { Classifier, EvaluationSplit, NearImage, SkippedImage } from '../trained/index.ts';
import type { ImageSource } from './images.ts';

/** Options of `nearestImages`. */
export interface NearestOptions {
  /** Where they are sought. */
  readonly dataset: Dataset;
  /** What that part of the data is called; default 'train'. */
  readonly split?: EvaluationSplit;
  /** How many for each image; default 5. */
  readonly k?: number;
  readonly workers?: number;
  /** An image of the dataset that cannot be read: throw its error, or leave it out; default 'stop'. */
  readonly onBadImage?: 'stop' | 'skip';
  /** Hears of each image that is left out. */
  readonly onSkipped?: (bad: SkippedImage) => void;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * For each image, the nearest of a dataset by the cosine between what the network's head reads of them, the nearest first. Memory does not grow with
 * the dataset.
 * @throws as `Classifier.embed`
 */
export async function nearestImages(
  classifier: Classifier,
  images: readonly ImageSource[],
  { dataset, split = 'train', k = 5, workers, onBadImage, onSkipped, signal, onProgress }: NearestOptions,
): Promise<NearImage[][]> {
  if (images.length === 0) return [];
  const queries: Float32Array[] = [];
  for (const image of images) queries.push((await classifier.features(image)).data as Float32Array);
  const width = queries[0]?.length ?? 0;
  const together = new Float32Array(queries.length * width);
  for (const [row, features] of queries.entries()) together.set(features, row * width);
  const nearest: NearImage[][] = images.map(() => []);
  const rows = classifier.embedBatches(dataset, {
    ...(workers !== undefined && { workers }),
    ...(onBadImage && { onBadImage }),
    ...(onSkipped && { onSkipped }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  for await (const { features, labels, indices } of rows) {
    const found = nearestNeighbours({ features, width, k, queries: together });
    for (const [query, before] of nearest.entries()) {
      const own = Array.from({ length: found.k }, (_, place): NearImage => {
        const at = query * found.k + place;
        const row = found.indices[at] as number;
        const index = indices[row] as number;
        const label = dataset.classes[labels[row] as number] ?? '';
        const id = dataset.ids?.[index] ?? String(index);
        return { id, split, label, distance: found.distances[at] as number, dataset, index };
      });
      // equal ones stay in the order of the data
      nearest[query] = [...before, ...own].sort((a, b) => a.distance - b.distance).slice(0, k);
    }
  }
  return nearest;
}
