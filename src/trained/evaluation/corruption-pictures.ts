/** What corruptions make of an image, for those who read of them. */
import { type CorruptionScore, corruptionsOf } from '../../corruptions/index.ts';
import { type Dataset, encodePng, firstReadable } from '../../data/index.ts';
import { corruptionStream } from '../../pipeline/index.ts';
import type { CorruptionPicture } from '../../report/index.ts';

/** A severity in the middle shows both what it is and what it hides. */
const usualSeverity = 3;

/**
 * The first image that can be read under each of the corruptions that were measured: at severity 3, or the one that was measured next to it. Those of a
 * person's own have no picture.
 * @param longestSide of a picture, in pixels
 */
export async function corruptionPictures(
  dataset: Dataset,
  scores: readonly CorruptionScore[],
  longestSide: number,
): Promise<CorruptionPicture[]> {
  const { image } = (await firstReadable(dataset, 'skip')).sample;
  const { height, width } = image;
  const pictures: CorruptionPicture[] = [];
  for (const name of new Set(scores.map((score) => score.name))) {
    const measured = scores.filter((score) => score.name === name).map(({ severity }) => severity);
    const severity = measured.reduce((best, one) =>
      Math.abs(one - usualSeverity) < Math.abs(best - usualSeverity) ? one : best,
    );
    const corruption = corruptionsOf('all', [severity]).find((one) => one.name === name);
    if (!corruption) continue;
    const corrupted = await corruption.apply(image, corruptionStream(0, corruption, 'page'));
    pictures.push({ name, severity, picture: { png: await encodePng(corrupted, { longestSide }), height, width } });
  }
  return pictures;
}
