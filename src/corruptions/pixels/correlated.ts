import type { Extent } from '../../data/index.ts';
import { type Border, within } from './mirrored.ts';

/** Weights [side, side] round a pixel; `side` is odd. */
export interface Kernel {
  readonly side: number;
  readonly weights: Float64Array;
}

/** Each pixel the weighted sum of those round it, as OpenCV's filter2D: the kernel is not turned, and the image goes on mirrored at its last pixel. */
export function correlated(
  plane: Float64Array,
  { height, width }: Extent,
  { side, weights }: Kernel,
  border: Border = 'centres',
): Float64Array {
  const reach = (side - 1) / 2;
  const [wide, high] = [width + 2 * reach, height + 2 * reach];
  const padded = new Float64Array(wide * high);
  for (let y = 0; y < high; y++) {
    const row = within(y - reach, height, border) * width;
    for (let x = 0; x < wide; x++) padded[y * wide + x] = plane[row + within(x - reach, width, border)] as number;
  }
  const result = new Float64Array(plane.length);
  for (let at = 0; at < weights.length; at++) {
    const weight = weights[at] as number;
    if (weight === 0) continue;
    const from = Math.floor(at / side) * wide + (at % side);
    for (let y = 0; y < height; y++)
      for (let x = 0, to = y * width, i = from + y * wide; x < width; x++, to++, i++)
        result[to] = (result[to] as number) + weight * (padded[i] as number);
  }
  return result;
}

const ones: Kernel = { side: 3, weights: new Float64Array(9).fill(1) };

/** The mean of 3 × 3 pixels; of whole numbers exact. */
export const meanOfNine = (plane: Float64Array, extent: Extent): Float64Array =>
  correlated(plane, extent, ones).map((sum) => sum / 9);
