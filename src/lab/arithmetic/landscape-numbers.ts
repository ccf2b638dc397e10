/** A landscape in a few numbers. */
import { type Convexity, convexity, type Plane, secondDifference, shareBelow } from './loss-surface.ts';

export interface LandscapeNumbers {
  /** Loss of the network itself. */
  readonly centre: number;
  /** The loss of equal probabilities for all classes. */
  readonly chance: number;
  /** The share of the plane on which the loss is below that. */
  readonly better: number;
  /** At the network along each direction; NaN where a point beside it is not finite. */
  readonly curvatures: readonly number[];
  readonly convexity: Convexity;
  readonly way: WayNumbers | undefined;
}

/** On the way from start to end. */
export interface WayNumbers {
  /** The loss at the start. */
  readonly start: number;
  /** The highest loss behind it. */
  readonly highest: number;
  /** How often the loss rises from point to point, in so many steps. */
  readonly rises: number;
  readonly steps: number;
  /** Points at which it is not finite. */
  readonly infinite: number;
}

/** @param landscape.places an odd number of them, from −1 to 1 */
export function landscapeNumbers(landscape: {
  readonly classes: number;
  readonly places: readonly number[];
  readonly plane: Plane;
  readonly near: readonly (readonly [number | null, number | null])[];
  readonly step: number;
  readonly way?: readonly (readonly [number, number | null])[];
}): LandscapeNumbers {
  const { classes, places, plane, near, step, way } = landscape;
  const middle = (places.length - 1) / 2;
  const centre = plane[middle]?.[middle] ?? Number.NaN;
  const chance = Math.log(classes);
  return {
    centre,
    chance,
    better: shareBelow(plane, chance),
    curvatures: near.map(([before, after]) =>
      secondDifference(before ?? Number.NaN, centre, after ?? Number.NaN, step),
    ),
    convexity: convexity(plane, 2 / (places.length - 1)),
    way: way && wayNumbers(way.map(([, loss]) => loss ?? Number.POSITIVE_INFINITY)),
  };
}

function wayNumbers(losses: readonly number[]): WayNumbers {
  const [start = Number.NaN, ...behind] = losses;
  const rises = behind.filter((loss, i) => loss > (1 + least) * (losses[i] as number)).length;
  const infinite = losses.filter((loss) => !Number.isFinite(loss)).length;
  return { start, highest: Math.max(...behind), rises, steps: behind.length, infinite };
}

/** A rise that is less than this share of the loss is none. */
const least = 0.005;

/** Whether two shares of so many points each differ by more than twice their standard error. */
export function sharesDiffer(a: Pick<Convexity, 'share' | 'points'>, b: Pick<Convexity, 'share' | 'points'>): boolean {
  const pooled = (a.share * a.points + b.share * b.points) / (a.points + b.points);
  return Math.abs(a.share - b.share) > 2 * Math.sqrt(pooled * (1 - pooled) * (1 / a.points + 1 / b.points));
}
