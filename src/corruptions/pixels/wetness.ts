/** How drops of water shine: within them, brighter on one side, by how far it is to their border. */
import type { Extent } from '../../data/index.ts';
import { correlated, type Kernel, meanOfNine } from './correlated.ts';
import { distancesTo } from './distances.ts';
import { edgesOf } from './edges.ts';
import { equalised } from './equalised.ts';

/** Beyond so many pixels from a border nothing changes. */
const farthest = 20;
/** Light from the upper left. */
const relief: Kernel = { side: 3, weights: Float64Array.of(-2, -1, 0, -1, 1, 1, 0, 1, 2) };
const byte = (x: number): number => Math.min(255, Math.max(0, Math.round(x)));

/** @param drops [height, width]: 0 outside of drops, in them how thick @returns [height, width], 0..1; all 0 where there is no drop */
export function wetness(drops: Float64Array, extent: Extent): Float64Array {
  const thickness = drops.map((one) => Math.min(255, Math.trunc(one * 255)));
  const distances = distancesTo(edgesOf(thickness, extent, 50, 150), extent).map((one) => Math.min(farthest, one));
  const smooth = meanOfNine(distances, extent).map(Math.trunc);
  const lit = correlated(equalised(smooth), extent, relief).map(byte);
  const softened = meanOfNine(lit, extent).map(byte);
  const shine = softened.map((one, at) => one * (thickness[at] as number));
  const most = shine.reduce((greatest, one) => Math.max(greatest, one), 0);
  return most === 0 ? shine : shine.map((one) => one / most);
}
