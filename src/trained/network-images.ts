/** Images as a trained network takes them. */
import type { Checkpoint } from '../checkpoint/index.ts';
import { type DataReading, type DataSource, type FoundData, findData, type ImageSize } from '../data/index.ts';

/** Size and scaling of the network's images. */
export function imagesFor({ preprocessing }: Pick<Checkpoint, 'preprocessing'>): ImageSize {
  const { channels, height, width, resize, interpolation, grey } = preprocessing;
  return {
    channels: channels === 1 ? 1 : 3,
    height,
    width,
    ...(resize && { resize }),
    ...(interpolation && { interpolation }),
    ...(grey && { grey }),
  };
}

/** Data with images as the network takes them. @throws as `findData` */
export function findDataFor(
  checkpoint: Pick<Checkpoint, 'preprocessing'>,
  source: DataSource,
  reading: Pick<DataReading, 'layout' | 'imageColumn' | 'labelColumn' | 'splitColumn' | 'imageFolder'> = {},
): Promise<FoundData> {
  const { width: _, height: size, ...images } = imagesFor(checkpoint);
  return findData(source, { ...images, size, ...reading });
}
