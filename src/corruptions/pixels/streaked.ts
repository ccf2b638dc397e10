import type { Extent } from '../../data/index.ts';
import { within } from './mirrored.ts';

/** How far and in which direction things move. */
export interface Motion {
  /** Pixels that a streak has behind its first, rounded up: twice as many are weighed. */
  readonly radius: number;
  /** Standard deviation of half a bell, which weighs them, in pixels. */
  readonly sigma: number;
  /** Degrees, clockwise from the right. */
  readonly angle: number;
}

/**
 * Levels smeared in one direction, as ImageMagick's MotionBlurImage: half a bell over whole pixels along the direction; beyond the border its
 * last pixel goes on. Rounded to 16 bits, then cut off to 8, as it writes them.
 * @param plane [height, width], 0..255
 */
export function streaked(plane: Uint8Array, { height, width }: Extent, { radius, sigma, angle }: Motion): Uint8Array {
  const count = 2 * Math.ceil(radius) + 1;
  const bell = Float64Array.from({ length: count }, (_, i) => Math.exp(-(i * i) / (2 * sigma ** 2)));
  const sum = bell.reduce((total, one) => total + one, 0);
  const [right, down] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  const sums = new Float64Array(plane.length);
  for (let i = 0; i < count; i++) {
    const weight = (bell[i] as number) / sum;
    const [byX, byY] = [Math.ceil(i * right - 0.5), Math.ceil(i * down - 0.5)];
    const columns = Int32Array.from({ length: width }, (_, x) => within(x + byX, width, 'nearest'));
    for (let y = 0, to = 0; y < height; y++) {
      const row = within(y + byY, height, 'nearest') * width;
      for (let x = 0; x < width; x++, to++)
        sums[to] = (sums[to] as number) + weight * (plane[row + (columns[x] as number)] as number);
    }
  }
  return Uint8Array.from(sums, (sum) => Math.floor(Math.round(sum * 257) / 257));
}
