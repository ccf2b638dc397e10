/** Images without labels on their way to a network: decoded, scaled and normalised, each once. */

import {
  decodeImage,
  type Image,
  type Normalisation,
  normalisationTables,
  normalise,
  type Scaling,
} from '../data/index.ts';
import { DataError, formatShape } from '../tensor/index.ts';
import { preparedAhead } from './prepared-ahead.ts';

/** Options of `imageBatches`. */
export interface ImageBatchesOptions extends Scaling {
  /** Paths or contents of files, which are scaled, or pixels, which have the size of the batch. */
  readonly images: readonly (string | Uint8Array | Image)[];
  readonly batchSize: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly normalisation: Normalisation;
  /** Hears of an image that cannot be read, which is then left out, so that the next one takes its place; without it the error is thrown. */
  readonly onUnreadable?: ((index: number, error: DataError) => void) | undefined;
}

/** Images that go through a network together. */
export interface ImageBatch {
  /** [batchSize, channels, height, width], normalised; zeros after the last image. */
  readonly pixels: Float32Array;
  /** Of the images in it; they come first. */
  readonly count: number;
  /** Which of the images they are, in their order. */
  readonly indices: readonly number[];
}

/**
 * The images in their order, a batch at a time; while the consumer is busy with one, the next is prepared, and no more. Leaving the loop
 * early waits for images that are being decoded. Batches are full but for the last one; where images were left out, the last may be empty.
 * @throws ConfigError at once where the normalisation has other channels; while iterating, DataError where an image cannot be read
 *   or pixels have another size
 */
export function imageBatches(options: ImageBatchesOptions): AsyncGenerator<ImageBatch, void, undefined> {
  const { images, batchSize, channels, height, width, normalisation, onUnreadable, ...scaling } = options;
  const tables = normalisationTables(normalisation, channels);
  const shape = [channels, height, width];
  const size = channels * height * width;
  const decoded = { channels: channels === 1 ? 1 : 3, height, width, ...scaling } as const;

  const place = async (batch: Float32Array, row: number, index: number): Promise<void> => {
    const given = images[index] as string | Uint8Array | Image;
    const image = typeof given === 'object' && 'pixels' in given ? given : await decodeImage(given, decoded);
    const { pixels } = image;
    const found = [image.channels, image.height, image.width];
    if (String(found) !== String(shape) || pixels.length !== size)
      throw new DataError(
        `image ${index}: expected ${formatShape(shape)} as the network takes it, but got ${formatShape(found)} with ${pixels.length} bytes`,
        'scale the pixels, or give a file by its path or content, which is scaled when it is decoded',
      );
    normalise(pixels, tables, batch, row * size);
  };

  let next = 0;
  const fill = async (): Promise<ImageBatch> => {
    const pixels = new Float32Array(batchSize * size);
    const indices: number[] = [];
    while (indices.length < batchSize && next < images.length) {
      const first = indices.length;
      const asked = Array.from({ length: Math.min(batchSize - first, images.length - next) }, () => next++);
      const placed = await Promise.allSettled(asked.map((index, row) => place(pixels, first + row, index)));
      for (const [row, result] of placed.entries()) {
        const index = asked[row] as number;
        if (result.status === 'rejected') {
          if (!onUnreadable || !(result.reason instanceof DataError)) throw result.reason;
          onUnreadable(index, result.reason);
          continue;
        }
        // images move up into the rows of those that could not be read
        const [from, to] = [first + row, indices.push(index) - 1];
        if (from !== to) pixels.copyWithin(to * size, from * size, (from + 1) * size);
      }
    }
    pixels.fill(0, indices.length * size);
    return { pixels, count: indices.length, indices };
  };

  // one after the other: where a batch begins depends on what the one before could read
  let filled: Promise<unknown> = Promise.resolve();
  const build = (): Promise<ImageBatch> => {
    const filling = filled.then(fill);
    filled = filling;
    return filling;
  };

  return preparedAhead(build, { from: 0, total: Math.ceil(images.length / batchSize), prefetch: 1 });
}
