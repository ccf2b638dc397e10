import type { Extent } from '../../data/index.ts';
import { type Border, within } from './mirrored.ts';

/** What a plane [height, width] has at a place between pixels, by linear interpolation. */
export function between(plane: Float64Array, { height, width }: Extent, x: number, y: number, border: Border): number {
  const [left, above] = [Math.floor(x), Math.floor(y)];
  const across = x - left;
  const down = y - above;
  const [x0, x1] = [within(left, width, border), within(left + 1, width, border)];
  const row0 = within(above, height, border) * width;
  const row1 = within(above + 1, height, border) * width;
  const upper = (1 - across) * (plane[row0 + x0] as number) + across * (plane[row0 + x1] as number);
  const lower = (1 - across) * (plane[row1 + x0] as number) + across * (plane[row1 + x1] as number);
  return (1 - down) * upper + down * lower;
}
