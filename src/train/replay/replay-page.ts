/** A replayed step as a page. */
import { imageOf } from '../../pipeline/index.ts';
import type { Picture } from '../../report/index.ts';
import { version } from '../../trained/index.ts';
import { pictureOf } from '../report-pictures.ts';
import type { ReplayedRun } from './replay.ts';

/** Its HTML: the batch as pictures, the masks, and the norms of every layer. */
export async function replayPageOf(replayed: ReplayedRun): Promise<string> {
  // only now: the packages behind the page take longer to load than a short command to run
  const { replayPage } = await import('../../report/index.ts');
  const { recipe, samples, parameters: _, batches: __, ...step } = replayed.replayed;
  const all = await picturesOf(replayed);
  return replayPage({
    ...step,
    version,
    augmentation: recipe.find(([label]) => label === 'augmentation')?.[1] ?? 'none',
    samples: samples.map((sample, i) => ({ ...sample, picture: all[i] })),
  });
}

/** Features are no pictures. */
async function picturesOf({ replayed, run }: ReplayedRun): Promise<(Picture | undefined)[]> {
  const { image, splits } = run.settings;
  if (replayed.isOnFeatures) return [];
  const all: Picture[] = [];
  for (const { images, count } of replayed.batches)
    for (let row = 0; row < count; row++) all.push(await pictureOf(imageOf(images, row, image, splits.normalisation)));
  return all;
}
