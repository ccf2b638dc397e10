/** An image between itself and a plainer one, as PIL's ImageEnhance has it: its mean grey, its greys, its smoothed self. */
import type { Image } from '../../data/index.ts';
import { blendedWithLevel } from './levels.ts';

/** 0.299 R + 0.587 G + 0.114 B, in the 16-bit integers of PIL; of one channel, that channel. [height, width] */
function lumaOf({ channels, height, width, pixels }: Image): Uint8Array {
  const area = height * width;
  if (channels !== 3) return pixels.subarray(0, area);
  const grey = new Uint8Array(area);
  for (let at = 0; at < area; at++)
    grey[at] =
      (19595 * (pixels[at] as number) +
        38470 * (pixels[at + area] as number) +
        7471 * (pixels[at + 2 * area] as number) +
        0x8000) >>
      16;
  return grey;
}

/** Without its colours. */
export function greyed(image: Image): Image {
  if (image.channels !== 3) return image;
  const grey = lumaOf(image);
  const pixels = new Uint8Array(image.pixels.length);
  for (let channel = 0; channel < 3; channel++) pixels.set(grey, channel * grey.length);
  return { ...image, pixels };
}

/** 0: its mean grey all over; 1: as it is. */
export function contrast(image: Image, factor: number): Image {
  const grey = lumaOf(image);
  let sum = 0;
  for (let at = 0; at < grey.length; at++) sum += grey[at] as number;
  return blendedWithLevel(image, Math.floor(sum / grey.length + 0.5), factor);
}

/** 0: grey; 1: as it is. */
export function saturation(image: Image, factor: number): Image {
  if (image.channels !== 3) return image;
  const grey = lumaOf(image);
  return blended(image, () => grey, factor);
}

/** 0: smoothed; 1: as it is. */
export function sharpness(image: Image, factor: number): Image {
  const area = image.height * image.width;
  const smooth = smoothed(image);
  return blended(image, (channel) => smooth.subarray(channel * area, (channel + 1) * area), factor);
}

/** @param plainOf a channel of the plainer image */
function blended(image: Image, plainOf: (channel: number) => Uint8Array, factor: number): Image {
  const { channels, height, width, pixels } = image;
  const area = height * width;
  const share = Math.fround(factor);
  // by how much a level moves away from the plain one, for each difference
  const moves = Float32Array.from({ length: 511 }, (_, at) => share * (at - 255));
  const changed = new Uint8Array(pixels.length);
  for (let channel = 0; channel < channels; channel++) {
    const plain = plainOf(channel);
    const first = channel * area;
    for (let at = 0; at < area; at++) {
      const from = plain[at] as number;
      const level = Math.fround(from + (moves[(pixels[first + at] as number) - from + 255] as number));
      changed[first + at] = level <= 0 ? 0 : level >= 255 ? 255 : level | 0;
    }
  }
  return { channels, height, width, pixels: changed };
}

/** What 13 times a smoothed level stands for: the weights 1 1 1, 1 5 1, 1 1 1 add up to 13. */
const thirteenths = Uint8Array.from({ length: 13 * 255 + 1 }, (_, sum) => Math.floor((2 * sum + 13) / 26));

/** PIL's ImageFilter.SMOOTH; the border stays. */
function smoothed({ channels, height, width, pixels }: Image): Uint8Array {
  // not `slice`, which of a Buffer is the same memory
  const smooth = new Uint8Array(pixels);
  // of each column, the sum of three rows
  const sums = new Uint16Array(width);
  for (let row = 0; row < channels * height; row++) {
    const place = row % height;
    if (place === 0 || place === height - 1) continue;
    const first = row * width;
    for (let x = 0, at = first; x < width; x++, at++)
      sums[x] = (pixels[at - width] as number) + (pixels[at] as number) + (pixels[at + width] as number);
    for (let x = 1; x < width - 1; x++) {
      const sum = (sums[x - 1] as number) + (sums[x] as number) + (sums[x + 1] as number);
      smooth[first + x] = thirteenths[sum + 4 * (pixels[first + x] as number)] as number;
    }
  }
  return smooth;
}
