/** Images as a trained network takes them. */
import { type FoundData, findData, type ImageSize } from '../data/index.ts';
import type { Classifier } from '../trained/index.ts';
import { givenData, type ReadingFlags, readingOf } from './data-flags.ts';

/** Size and scaling of the network's images. */
export function networkImages({ checkpoint }: Classifier): ImageSize {
  const { channels, height, width, resize, interpolation, grey } = checkpoint.preprocessing;
  return {
    channels: channels === 1 ? 1 : 3,
    height,
    width,
    ...(resize && { resize }),
    ...(interpolation && { interpolation }),
    ...(grey && { grey }),
  };
}

/** DATA with images as the network takes them. @throws as `findData` */
export function dataForNetwork(
  classifier: Classifier,
  data: readonly string[],
  flags: ReadingFlags,
): Promise<FoundData> {
  const { width: _, height: size, ...reading } = networkImages(classifier);
  return findData(givenData(data), { ...reading, size, ...readingOf(flags) });
}
