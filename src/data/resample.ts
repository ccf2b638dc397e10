/**
 * A box of an image at another size, in the arithmetic of PIL (ImagingResample): where it shrinks, the filter is widened, so that every
 * pixel counts; first along the rows, then along the columns, each rounded to whole levels.
 */
import type { Image } from './dataset.ts';
import type { Interpolation } from './scaling.ts';

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

interface Filter {
  /** In pixels of the larger of the two images. */
  readonly support: number;
  weight(distance: number): number;
}

const filters: Readonly<Record<Exclude<Interpolation, 'nearest'>, Filter>> = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  // Keys 1981 with a = -0.5
  bicubic: { support: 2, weight: (x) => cubic(Math.abs(x)) },
  lanczos: { support: 3, weight: (x) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

const cubic = (x: number): number => {
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
};

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Bits behind the point of a weight; a sum of 255 times all of them stays below 2³¹. */
const precision = 22;

/** Which pixels each new one is made of, and their weights. */
interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  /** [length, most], in units of 2⁻²². */
  readonly weights: Int32Array;
  readonly most: number;
}

function tapsOf(from: number, to: number, { support: width, weight }: Filter): Taps {
  const scale = from / to;
  const spread = Math.max(1, scale);
  const support = width * spread;
  const most = Math.ceil(support) * 2 + 1;
  const taps = { starts: new Int32Array(to), counts: new Int32Array(to), weights: new Int32Array(to * most), most };
  for (let at = 0; at < to; at++) {
    const centre = (at + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - support + 0.5));
    const end = Math.min(from, Math.trunc(centre + support + 0.5));
    const weights = Array.from({ length: end - start }, (_, i) => weight((i + start - centre + 0.5) / spread));
    const sum = weights.reduce((total, one) => total + one, 0);
    taps.starts[at] = start;
    taps.counts[at] = end - start;
    weights.forEach((one, i) => {
      const share = (one / sum) * 2 ** precision;
      taps.weights[at * most + i] = Math.trunc(share + (share < 0 ? -0.5 : 0.5));
    });
  }
  return taps;
}

/** The box of `source`, scaled to height × width. */
export function resample(source: Pixels, box: Box, { height, width }: Extent, interpolation: Interpolation): Image {
  const { channels } = source;
  const pixels = new Uint8Array(channels * height * width);
  const step = source.isInterleaved ? channels : 1;
  const plane = source.isInterleaved ? 1 : source.height * source.width;
  const rowLength = step * source.width;
  const area = height * width;
  if (interpolation === 'nearest') {
    for (let channel = 0, to = 0; channel < channels; channel++)
      for (let y = 0; y < height; y++) {
        const row = channel * plane + (box.top + Math.floor(((y + 0.5) * box.height) / height)) * rowLength;
        for (let x = 0; x < width; x++)
          pixels[to++] = source.pixels[row + (box.left + Math.floor(((x + 0.5) * box.width) / width)) * step] as number;
      }
    return { channels, height, width, pixels };
  }
  const filter = filters[interpolation];
  const across = box.width === width ? undefined : tapsOf(box.width, width, filter);
  const down = box.height === height ? undefined : tapsOf(box.height, height, filter);
  const rows = new Uint8Array(box.height * width);
  for (let channel = 0; channel < channels; channel++) {
    const from = channel * plane + box.top * rowLength + box.left * step;
    const target = down ? rows : pixels.subarray(channel * area, (channel + 1) * area);
    if (across) shrinkRows(source.pixels, from, rowLength, step, target, box.height, width, across);
    else copyRows(source.pixels, from, rowLength, step, target, box.height, width);
    if (down) shrinkColumns(rows, pixels, channel * area, width, height, down);
  }
  return { channels, height, width, pixels };
}

function copyRows(
  source: Uint8Array,
  from: number,
  rowLength: number,
  step: number,
  target: Uint8Array,
  height: number,
  width: number,
): void {
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0, at = from + y * rowLength; x < width; x++, at += step) target[to++] = source[at] as number;
}

const half = 1 << (precision - 1);

const clipped = (sum: number): number => {
  const level = sum >> precision;
  return level < 0 ? 0 : level > 255 ? 255 : level;
};

function shrinkRows(
  source: Uint8Array,
  from: number,
  rowLength: number,
  step: number,
  target: Uint8Array,
  height: number,
  width: number,
  { starts, counts, weights, most }: Taps,
): void {
  for (let y = 0, to = 0; y < height; y++) {
    const row = from + y * rowLength;
    for (let x = 0; x < width; x++) {
      let at = row + (starts[x] as number) * step;
      let sum = half;
      const first = x * most;
      for (let tap = first, end = first + (counts[x] as number); tap < end; tap++, at += step)
        sum += Math.imul(source[at] as number, weights[tap] as number);
      target[to++] = clipped(sum);
    }
  }
}

function shrinkColumns(
  source: Uint8Array,
  target: Uint8Array,
  offset: number,
  width: number,
  height: number,
  { starts, counts, weights, most }: Taps,
): void {
  const sums = new Int32Array(width);
  for (let y = 0, to = offset; y < height; y++) {
    sums.fill(half);
    const first = y * most;
    for (let tap = 0; tap < (counts[y] as number); tap++) {
      const weight = weights[first + tap] as number;
      const row = ((starts[y] as number) + tap) * width;
      for (let x = 0; x < width; x++) sums[x] = (sums[x] as number) + Math.imul(source[row + x] as number, weight);
    }
    for (let x = 0; x < width; x++) target[to++] = clipped(sums[x] as number);
  }
}
