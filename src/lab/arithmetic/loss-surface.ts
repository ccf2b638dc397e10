/** What the values of a loss on a line and on a plane tell of its shape. */

/** Values on a grid of equal steps, by y, then x; null where the loss is not finite. */
export type Plane = readonly (readonly (number | null)[])[];

/** `count` places from −1 to 1 in equal steps. */
export const places = (count: number): number[] => Array.from({ length: count }, (_, i) => (2 * i) / (count - 1) - 1);

/** The second difference at the middle: (f(−h) − 2 f(0) + f(h)) / h², which for a quadratic is its curvature. */
export const secondDifference = (before: number, middle: number, after: number, step: number): number =>
  (before - 2 * middle + after) / (step * step);

/** The share of a plane's points at which the loss is below a value; points that are not finite are not. */
export function shareBelow(plane: Plane, value: number): number {
  const all = plane.flat();
  return all.filter((loss) => loss !== null && loss < value).length / all.length;
}

/** How far a plane is from convex. */
export interface Convexity {
  /** Points within the plane whose neighbours are all finite. */
  readonly points: number;
  /** The share of them at which the loss bends down in some direction of the plane: whose Hessian has a negative eigenvalue. */
  readonly share: number;
  /** The mean of |λmin / λmax| over points with a negative λmin, and 0 for all others: 0 for a convex plane. */
  readonly ratio: number;
}

/** Of central differences: the plane's counterpart of Li et al. 2018, §6 and Figure 7, who take the eigenvalues of the whole Hessian. */
export function convexity(plane: Plane, step: number): Convexity {
  const ratios: number[] = [];
  for (let i = 1; i + 1 < plane.length; i++)
    for (let j = 1; j + 1 < (plane[i] as readonly unknown[]).length; j++) {
      const at = (down: number, right: number) => plane[i + down]?.[j + right] ?? Number.NaN;
      const xx = secondDifference(at(0, -1), at(0, 0), at(0, 1), step);
      const yy = secondDifference(at(-1, 0), at(0, 0), at(1, 0), step);
      const xy = (at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * step * step);
      const [low, high] = eigenvalues(xx, xy, yy);
      if (Number.isFinite(low) && Number.isFinite(high)) ratios.push(low < -rounding(high) ? Math.abs(low / high) : 0);
    }
  return {
    points: ratios.length,
    share: ratios.filter((ratio) => ratio > 0).length / ratios.length,
    ratio: ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length,
  };
}

/** Of [[xx, xy], [xy, yy]], the lower one first. */
export function eigenvalues(xx: number, xy: number, yy: number): [number, number] {
  const middle = (xx + yy) / 2;
  const radius = Math.hypot((xx - yy) / 2, xy);
  return [middle - radius, middle + radius];
}

/** What float32 losses leave of a second difference that is 0. */
const rounding = (size: number) => 1e-4 * Math.abs(size);
