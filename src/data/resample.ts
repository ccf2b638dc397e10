/**
 * A box of an image at another size, in the arithmetic of PIL (ImagingResample): where it shrinks, the filter is widened, so that every
 * pixel counts; first along the rows, then along the columns, each rounded to whole levels.
 */
import { ConfigError } from '../tensor/index.ts';
import type { Image } from './dataset.ts';
import { pixelMemory } from './pixel-memory.ts';
import type { Interpolation } from './scaling.ts';
import { type Filter, filters, tapsOf } from './taps.ts';

/** In pixels. */
export interface Extent {
  readonly height: number;
  readonly width: number;
}

/** A part of an image, in pixels from its upper left corner. */
export interface Box extends Extent {
  readonly top: number;
  readonly left: number;
}

/** Pixels as a decoder has them: [height, width, channels], or planes [channels, height, width]. */
export interface Pixels extends Extent {
  readonly channels: number;
  readonly pixels: Uint8Array;
  /** Whether the channels of a pixel lie side by side. */
  readonly isInterleaved?: boolean;
}

/** The box of `source`, scaled to height × width. */
export function resample(source: Pixels, box: Box, size: Extent, interpolation: Interpolation): Image {
  expectWithin(source, box);
  if (interpolation === 'nearest') return nearest(source, box, size);
  const { channels } = source;
  const { height, width } = size;
  const filter = filters[interpolation];
  if (channels === 3) {
    const bytes = source.isInterleaved ? cutOut(source, box) : interleaved(source, box);
    return { channels, height, width, pixels: scaled(bytes, box, size, filter, 3) };
  }
  const planes = Array.from({ length: channels }, (_, channel) =>
    scaled(planeOf(source, box, channel), box, size, filter, 1),
  );
  return { channels, height, width, pixels: planes.length === 1 ? (planes[0] as Uint8Array) : joined(planes) };
}

/** What lies outside of a picture is another one's memory. @throws ConfigError */
function expectWithin({ height, width }: Extent, box: Box): void {
  const isWithin = (start: number, length: number, end: number) =>
    Number.isInteger(start) && Number.isInteger(length) && start >= 0 && length > 0 && start + length <= end;
  if (isWithin(box.top, box.height, height) && isWithin(box.left, box.width, width)) return;
  throw new ConfigError(
    `resample: expected a box of whole pixels within ${height}×${width}, but it is ${box.height}×${box.width} at row ${box.top}, column ${box.left}`,
    'let the augmentation choose one within the image that it is given',
  );
}

/** @param bytes of the box, with 1 or 3 channels side by side */
function scaled(
  { bytes, rowBytes }: Bytes,
  box: Box,
  { height, width }: Extent,
  filter: Filter,
  channels: 1 | 3,
): Uint8Array {
  const across = tapsOf(box.width, width, channels, filter);
  const down = tapsOf(box.height, height, 1, filter);
  const wide = channels === 3 ? 4 : 1;
  // whole vectors
  const length = Math.ceil((width * wide) / 16) * 16;
  const memory = pixelMemory();
  const [source, rows, columns, planes, startsX, weightsX, startsY, weightsY] = memory.layOut(
    bytes.length,
    box.height * length,
    height * length,
    height * width * channels,
    4 * across.starts.length,
    4 * across.weights.length,
    4 * down.starts.length,
    4 * down.weights.length,
  ) as [number, number, number, number, number, number, number, number];
  memory.bytes.set(bytes, source);
  memory.words.set(across.starts, startsX / 4);
  memory.words.set(across.weights, weightsX / 4);
  memory.words.set(down.starts, startsY / 4);
  memory.words.set(down.weights, weightsY / 4);
  const { scaleRows, scaleGreyRows, scaleColumns, toPlanes } = memory.kernels;
  const scale = channels === 3 ? scaleRows : scaleGreyRows;
  scale(source, rowBytes, box.height, rows, length / wide, width, startsX, weightsX, across.count);
  scaleColumns(rows, length, columns, height, startsY, weightsY, down.count);
  if (channels === 3) {
    toPlanes(columns, length, planes, height, width);
    return memory.bytes.slice(planes, planes + 3 * height * width);
  }
  const grey = new Uint8Array(height * width);
  for (let y = 0; y < height; y++)
    grey.set(memory.bytes.subarray(columns + y * length, columns + y * length + width), y * width);
  return grey;
}

interface Bytes {
  readonly bytes: Uint8Array;
  readonly rowBytes: number;
}

/** Of pixels whose channels lie side by side, or of a plane. */
function cutOut({ pixels, width, channels }: Pixels, box: Box, plane = 0, step = channels): Bytes {
  const rowBytes = width * step;
  const start = plane + box.top * rowBytes + box.left * step;
  return { bytes: pixels.subarray(start, start + (box.height - 1) * rowBytes + box.width * step), rowBytes };
}

function planeOf(source: Pixels, box: Box, channel: number): Bytes {
  if (!source.isInterleaved) return cutOut(source, box, channel * source.height * source.width, 1);
  const { pixels, channels, width } = source;
  if (channels === 1) return cutOut(source, box);
  const bytes = new Uint8Array(box.height * box.width);
  for (let y = 0, to = 0; y < box.height; y++) {
    let from = ((box.top + y) * width + box.left) * channels + channel;
    for (let x = 0; x < box.width; x++, from += channels) bytes[to++] = pixels[from] as number;
  }
  return { bytes, rowBytes: box.width };
}

function interleaved({ pixels, height, width }: Pixels, box: Box): Bytes {
  const area = height * width;
  const bytes = new Uint8Array(3 * box.height * box.width);
  for (let y = 0, to = 0; y < box.height; y++) {
    let from = (box.top + y) * width + box.left;
    for (let x = 0; x < box.width; x++, from++) {
      bytes[to++] = pixels[from] as number;
      bytes[to++] = pixels[from + area] as number;
      bytes[to++] = pixels[from + 2 * area] as number;
    }
  }
  return { bytes, rowBytes: 3 * box.width };
}

function joined(planes: readonly Uint8Array[]): Uint8Array {
  const length = planes[0]?.length ?? 0;
  const pixels = new Uint8Array(length * planes.length);
  for (const [channel, plane] of planes.entries()) pixels.set(plane, channel * length);
  return pixels;
}

function nearest(source: Pixels, box: Box, { height, width }: Extent): Image {
  const { channels, pixels: levels } = source;
  const pixels = new Uint8Array(channels * height * width);
  const step = source.isInterleaved ? channels : 1;
  const plane = source.isInterleaved ? 1 : source.height * source.width;
  const rows = places(box.height, height);
  const columns = places(box.width, width);
  for (let channel = 0, to = 0; channel < channels; channel++)
    for (let y = 0; y < height; y++) {
      const row = channel * plane + ((box.top + (rows[y] as number)) * source.width + box.left) * step;
      for (let x = 0; x < width; x++) pixels[to++] = levels[row + (columns[x] as number) * step] as number;
    }
  return { channels, height, width, pixels };
}

/** Which pixel each new one is. Where two are equally near, what rounding makes of the sum decides, as in PIL. */
function places(from: number, to: number): Int32Array {
  const step = from / to;
  let place = step / 2;
  return Int32Array.from({ length: to }, () => {
    const at = Math.floor(place);
    place += step;
    return at;
  });
}
