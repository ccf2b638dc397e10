/** Images as a trained network takes them, for the commands. */
import type { FoundData, ImageSize } from '../data/index.ts';
import { type Classifier, findDataFor, imagesFor } from '../trained/index.ts';
import { givenData, type ReadingFlags, readingOf } from './data-flags.ts';

/** Size and scaling of the network's images. */
export const networkImages = ({ checkpoint }: Classifier): ImageSize => imagesFor(checkpoint);

/** DATA with images as the network takes them. @throws as `findData` */
export const dataForNetwork = (
  { checkpoint }: Classifier,
  data: readonly string[],
  flags: ReadingFlags,
): Promise<FoundData> => findDataFor(checkpoint, givenData(data), readingOf(flags));
