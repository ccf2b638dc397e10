/** Planes moved, turned and sheared, in the arithmetic of OpenCV's warpAffine. */
import type { Extent } from '../../data/index.ts';
import { between } from './between.ts';

export type Point = readonly [x: number, y: number];

/** (x, y) ↦ (a x + b y + c, d x + e y + f) */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** The affine map that takes three points to three others. */
export function affineFrom(from: readonly [Point, Point, Point], to: readonly [Point, Point, Point]): Affine {
  const [[x0, y0], [x1, y1], [x2, y2]] = from;
  const area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0);
  const row = (axis: 0 | 1): [number, number, number] => {
    const [t0, t1, t2] = [to[0][axis], to[1][axis], to[2][axis]];
    const a = ((t1 - t0) * (y2 - y0) - (t2 - t0) * (y1 - y0)) / area;
    const b = ((x1 - x0) * (t2 - t0) - (x2 - x0) * (t1 - t0)) / area;
    return [a, b, t0 - a * x0 - b * y0];
  };
  return [...row(0), ...row(1)];
}

/** Places are rounded to 32nds of a pixel, from 1024ths. */
const fine = 1024;
const coarse = 32;

/**
 * Beyond the border the plane goes on mirrored at its last pixel.
 * @param plane [height, width] @param matrix from each place of the result to where it comes from
 */
export function turned(plane: Float64Array, extent: Extent, [a, b, c, d, e, f]: Affine): Float64Array {
  const { width } = extent;
  const place = (along: number, start: number) =>
    Math.floor((Math.round(along * fine) + Math.round(start * fine) + fine / coarse / 2) / (fine / coarse)) / coarse;
  return plane.map((_, at) => {
    const y = Math.floor(at / width);
    const x = at - y * width;
    return between(plane, extent, place(a * x, b * y + c), place(d * x, e * y + f), 'centres');
  });
}
