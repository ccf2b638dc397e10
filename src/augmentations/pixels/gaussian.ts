/** Gaussian blur as torchvision has it: a square kernel of so many pixels, and beyond the border the image mirrored at its last pixel. */
import type { Image } from '../../data/index.ts';

/** @param kernel pixels of the kernel's side, odd @param sigma of the bell, in pixels */
export function blurred(image: Image, kernel: number, sigma: number): Image {
  const { channels, height, width, pixels } = image;
  const weights = bell(kernel, sigma);
  const changed = new Uint8Array(pixels.length);
  const rows = new Float32Array(height * width);
  for (let channel = 0; channel < channels; channel++) {
    const first = channel * height * width;
    alongRows(pixels.subarray(first, first + rows.length), rows, width, weights);
    alongColumns(rows, changed.subarray(first, first + rows.length), height, width, weights);
  }
  return { channels, height, width, pixels: changed };
}

/** What lies so far out weighs less than a thousandth of a level in all. */
const negligible = 1e-7;

/** The weights of the middle and what is 1, 2, … away on either side. */
function bell(kernel: number, sigma: number): Float64Array {
  const side = Float64Array.from({ length: (kernel + 1) / 2 }, (_, x) => Math.exp(-0.5 * (x / sigma) ** 2));
  const sum = side.reduce((total, one) => total + 2 * one, -1);
  const weights = side.map((one) => one / sum);
  return weights.filter((one, x) => x === 0 || one > negligible);
}

/** An index mirrored at 0 and at the last one, as often as it takes. */
function mirrored(at: number, length: number): number {
  if (length === 1) return 0;
  const place = Math.abs(at) % (2 * length - 2);
  return place < length ? place : 2 * length - 2 - place;
}

function alongRows(source: Uint8Array, target: Float32Array, width: number, weights: Float64Array): void {
  const reach = weights.length - 1;
  const row = new Float32Array(width + 2 * reach);
  const places = Int32Array.from(row, (_, at) => mirrored(at - reach, width));
  for (let first = 0; first < source.length; first += width) {
    for (let at = 0; at < row.length; at++) row[at] = source[first + (places[at] as number)] as number;
    for (let x = 0; x < width; x++) {
      const middle = x + reach;
      let sum = (weights[0] as number) * (row[middle] as number);
      for (let away = 1; away <= reach; away++)
        sum += (weights[away] as number) * ((row[middle - away] as number) + (row[middle + away] as number));
      target[first + x] = sum;
    }
  }
}

function alongColumns(
  source: Float32Array,
  target: Uint8Array,
  height: number,
  width: number,
  weights: Float64Array,
): void {
  const sums = new Float64Array(width);
  for (let y = 0; y < height; y++) {
    const centre = weights[0] as number;
    for (let x = 0, at = y * width; x < width; x++, at++) sums[x] = centre * (source[at] as number);
    for (let away = 1; away < weights.length; away++) {
      const weight = weights[away] as number;
      const [above, below] = [mirrored(y - away, height) * width, mirrored(y + away, height) * width];
      for (let x = 0; x < width; x++)
        sums[x] = (sums[x] as number) + weight * ((source[above + x] as number) + (source[below + x] as number));
    }
    for (let x = 0, at = y * width; x < width; x++, at++) target[at] = (sums[x] as number) + 0.5;
  }
}
