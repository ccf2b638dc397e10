/** The pictures of a run's report. */
import { classSharesOf, type Dataset, encodePng, type Image } from '../data/index.ts';
import { imageOf, type Pipeline } from '../pipeline/index.ts';
import type { LabelledPicture, Mistake, Picture, ReportData } from '../report/index.ts';
import type { Answers } from './answers.ts';
import { trainingSource } from './epoch.ts';
import { epochOrder } from './epoch-order.ts';
import { trainsOnFeatures } from './phase-at.ts';
import type { Settings } from './settings.ts';

const shown = { batch: 32, longestSide: 160 };

export async function mistakePictures(answers: Answers, dataset: Dataset): Promise<Mistake[]> {
  const mistakes: Mistake[] = [];
  for (const { index, ...mistake } of answers.mistakes())
    mistakes.push({ ...mistake, picture: await pictureOf((await dataset.read(index)).image) });
  return mistakes;
}

/**
 * The first images of the first epoch's first batch, as the pipeline gives it: augmented, mixed, normalised, and brought
 * back to bytes. A head that trains on features saw no augmentation.
 */
export async function batchPictures(
  settings: Settings,
  pipeline: Pick<Pipeline, 'batches'>,
): Promise<ReportData['batch']> {
  const { splits, image } = settings;
  const seen = trainsOnFeatures(settings) ? { ...settings, augment: [] } : settings;
  const order = epochOrder(settings, 0);
  const pictures: LabelledPicture[] = [];
  // the first one of all that the run would have, whatever orders an epoch and mixes a batch
  for await (const batch of pipeline.batches({ ...trainingSource(seen, order, 0), prefetch: 0 })) {
    for (let row = 0; row < Math.min(shown.batch, batch.count); row++)
      pictures.push({
        picture: await pictureOf(imageOf(batch.images, row, image, splits.normalisation)),
        label: batch.labels[row] as number,
        ...(batch.targets && { shares: classSharesOf(batch.targets, row, splits.train.classes.length) }),
      });
    break;
  }
  return pictures;
}

export async function pictureOf(image: Image): Promise<Picture> {
  const png = await encodePng(image, { longestSide: shown.longestSide });
  return { png, height: image.height, width: image.width };
}
