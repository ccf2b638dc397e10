import type { Extent } from '../../data/index.ts';
import { between } from './between.ts';

/** Each pixel looked up so far away, as SciPy's map_coordinates does; beyond the border the plane goes on mirrored at its edge. */
export function displaced(plane: Float64Array, extent: Extent, byX: Float64Array, byY: Float64Array): Float64Array {
  const { width } = extent;
  return plane.map((_, at) => {
    const y = Math.floor(at / width);
    return between(plane, extent, at - y * width + (byX[at] as number), y + (byY[at] as number), 'halves');
  });
}
