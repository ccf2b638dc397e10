/** An image between itself and a plainer one, as PIL's ImageEnhance has it: its mean grey, its greys, its smoothed self. */
import { type Image, pixelMemory } from '../../data/index.ts';
import { blendedWithLevel } from './levels.ts';

/** 0.299 R + 0.587 G + 0.114 B, in the 16-bit integers of PIL; of one channel, that channel. [height, width] */
function lumaOf({ channels, height, width, pixels }: Image): Uint8Array {
  const area = height * width;
  if (channels !== 3) return pixels.subarray(0, area);
  const memory = pixelMemory();
  const [source, target] = memory.layOut(pixels.length, area) as [number, number];
  memory.bytes.set(pixels, source);
  memory.kernels.toGrey(source, area, wholeVectors(area), target);
  return memory.bytes.slice(target, target + area);
}

/** The loops take four pixels at a time; behind each part of the memory there is room for that. */
const wholeVectors = (length: number): number => Math.ceil(length / 4) * 4;

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
  const memory = pixelMemory();
  const [source] = memory.layOut(grey.length) as [number];
  memory.bytes.set(grey, source);
  // of whole numbers without a sign: 4096 × 4096 white pixels have more than 2³¹
  const sum = memory.kernels.sumOf(source, grey.length) >>> 0;
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
  const memory = pixelMemory();
  const [source, plain, target] = memory.layOut(pixels.length, area, pixels.length) as [number, number, number];
  memory.bytes.set(pixels, source);
  for (let channel = 0; channel < channels; channel++) {
    const first = channel * area;
    memory.bytes.set(plainOf(channel), plain);
    memory.kernels.blend(plain, source + first, wholeVectors(area), factor, target + first);
  }
  return { channels, height, width, pixels: memory.bytes.slice(target, target + pixels.length) };
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
