/** Where names of points stand: beside their own, on no other, and not on each other. */
import { labelShifts } from '../../comparison/label-places.ts';

/** A point with its name, in pixels. */
export interface NamedPoint {
  readonly x: number;
  readonly y: number;
  /** Of the name. */
  readonly width: number;
}

export interface NamePlace {
  readonly isLeft: boolean;
  /** Down from the point's own height. */
  readonly shift: number;
}

const gap = 9;
const reach = { across: 6, down: 11 };

/**
 * A name goes to the side where it covers fewer points, or else to that which has more room; those that would lie on each other move down.
 * @param frame from the left end of what may be written on to the right end
 */
export function namePlaces(
  points: readonly NamedPoint[],
  { from, to }: { readonly from: number; readonly to: number },
): NamePlace[] {
  const covered = (point: NamedPoint, isLeft: boolean) => {
    const [start, end] = isLeft
      ? [point.x - gap - point.width, point.x - gap]
      : [point.x + gap, point.x + gap + point.width];
    // a name that is cut off is worse than any that covers a point
    if (start < from || end > to) return Number.POSITIVE_INFINITY;
    return points.filter(
      (other) =>
        other !== point &&
        other.x > start - reach.across &&
        other.x < end + reach.across &&
        Math.abs(other.y - point.y) < reach.down,
    ).length;
  };
  const sided = points.map((point) => {
    const [left, right] = [covered(point, true), covered(point, false)];
    return { ...point, isLeft: left === right ? point.x > (from + to) / 2 : left < right };
  });
  const shifts = labelShifts(sided);
  return sided.map(({ isLeft }, i) => ({ isLeft, shift: shifts[i] ?? 0 }));
}
