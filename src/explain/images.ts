/** Images as a network takes them, and as people see them. */
import { basename } from 'node:path';
import type { Preprocessing } from '../checkpoint/index.ts';
import { decodeImage, type Image, normalisationTables, normalise } from '../data/index.ts';
import { DataError, formatShape } from '../tensor/index.ts';

/** A file's path, its content, or pixels of the network's size. */
export type ImageSource = string | Uint8Array | Image;

/** An image that is to be explained, with what is known of it. */
export interface NamedImage {
  readonly image: ImageSource;
  /** Default: the file's name, or the image's number. */
  readonly name?: string;
  /** Its class, where that is known: maps are made for it, too. */
  readonly truth?: string;
  /** The index of that class, where two classes have one name; default: the first of the name. */
  readonly truthIndex?: number;
}

/** Ready for a network. */
export interface ReadImage {
  /** Among those that were given. */
  readonly index: number;
  readonly name: string;
  readonly truth: string | undefined;
  readonly truthIndex: number | undefined;
  readonly image: Image;
  /** Normalised, [C, H, W]. */
  readonly pixels: Float32Array;
}

/** @throws DataError where it cannot be read, or its pixels have another size than the network's */
export async function readImage(
  given: ImageSource | NamedImage,
  index: number,
  preprocessing: Preprocessing,
): Promise<ReadImage> {
  const { image: source, name, truth, truthIndex } = isNamed(given) ? given : ({ image: given } as NamedImage);
  const { channels, height, width, mean, std, ...scaling } = preprocessing;
  const size = { channels: channels === 1 ? 1 : 3, height, width, ...scaling } as const;
  const image = typeof source === 'object' && 'pixels' in source ? source : await decodeImage(source, size);
  const found = [image.channels, image.height, image.width];
  const called = name ?? (typeof source === 'string' ? basename(source) : `image ${index + 1}`);
  if (String(found) !== String([channels, height, width]) || image.pixels.length !== channels * height * width)
    throw new DataError(
      `${called}: expected ${formatShape([channels, height, width])} as the network takes it, but got ${formatShape(found)} with ${image.pixels.length} bytes`,
      'scale the pixels, or give a file by its path or content, which is scaled when it is decoded',
    );
  const pixels = new Float32Array(image.pixels.length);
  normalise(image.pixels, normalisationTables({ mean, std }, channels), pixels, 0);
  return { index, name: called, truth, truthIndex, image, pixels };
}

const isNamed = (given: ImageSource | NamedImage): given is NamedImage => typeof given === 'object' && 'image' in given;
