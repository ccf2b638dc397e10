/** Gaussian blur as SciPy's gaussian_filter computes it, and scikit-image with it: along the columns first, then along the rows. */
import type { Extent } from '../../data/index.ts';
import { type Border, within } from './mirrored.ts';
import type { Shares } from './shares.ts';

export interface BellOptions {
  /** How many deviations the bell reaches to either side; default 4. */
  readonly reach?: number;
  /** Default `nearest`. */
  readonly border?: Border;
}

/** @param plane [height, width] @param sigma the bell's standard deviation in pixels; 0 leaves the plane as it is */
export function bellBlurred(
  plane: Shares,
  { height, width }: Extent,
  sigma: number,
  { reach = 4, border = 'nearest' }: BellOptions = {},
): Shares {
  const weights = bell(sigma, reach);
  if (weights.length === 1) return plane;
  const between = new Float64Array(plane.length);
  alongLines(plane, between, { lines: width, lineStep: 1, length: height, step: width }, weights, border);
  const result = new Float64Array(plane.length);
  alongLines(between, result, { lines: height, lineStep: width, length: width, step: 1 }, weights, border);
  return result;
}

/** The weights of the middle and of what is 1, 2, … away on either side. */
function bell(sigma: number, reach: number): Float64Array {
  if (sigma <= 0) return Float64Array.of(1);
  const side = Float64Array.from({ length: Math.trunc(reach * sigma + 0.5) + 1 }, (_, x) =>
    Math.exp((-0.5 / sigma ** 2) * x ** 2),
  );
  const sum = side.reduce((total, one, x) => total + (x === 0 ? one : 2 * one), 0);
  return side.map((one) => one / sum);
}

/** Rows or columns of a plane. */
interface Lines {
  readonly lines: number;
  readonly lineStep: number;
  readonly length: number;
  readonly step: number;
}

/** Beyond its own length a line only sees itself again. */
function alongLines(source: Shares, target: Shares, of: Lines, weights: Float64Array, border: Border): void {
  const along = weights.length > of.length ? alongShortLines : alongLongLines;
  along(source, target, of, weights, border);
}

function alongLongLines(source: Shares, target: Shares, of: Lines, weights: Float64Array, border: Border): void {
  const reach = weights.length - 1;
  const { lines, lineStep, length, step } = of;
  const line = new Float64Array(length + 2 * reach);
  const places = Int32Array.from(line, (_, at) => within(at - reach, length, border) * step);
  for (let start = 0, end = lines * lineStep; start < end; start += lineStep) {
    for (let at = 0; at < line.length; at++) line[at] = source[start + (places[at] as number)] as number;
    for (let x = 0, to = start; x < length; x++, to += step) {
      const middle = x + reach;
      let sum = (line[middle] as number) * (weights[0] as number);
      // from the far end, as SciPy adds up
      for (let away = reach; away >= 1; away--)
        sum += ((line[middle - away] as number) + (line[middle + away] as number)) * (weights[away] as number);
      target[to] = sum;
    }
  }
}

/** The same where the bell is wider than the line: all of its weights on one pixel are added up first. */
function alongShortLines(source: Shares, target: Shares, of: Lines, weights: Float64Array, border: Border): void {
  const { lines, lineStep, length, step } = of;
  const reach = weights.length - 1;
  const shares = new Float64Array(length * length);
  for (let x = 0; x < length; x++)
    for (let away = -reach; away <= reach; away++) {
      const at = x * length + within(x + away, length, border);
      shares[at] = (shares[at] as number) + (weights[Math.abs(away)] as number);
    }
  const line = new Float64Array(length);
  for (let start = 0, end = lines * lineStep; start < end; start += lineStep) {
    for (let x = 0; x < length; x++) line[x] = source[start + x * step] as number;
    for (let x = 0; x < length; x++) {
      let sum = 0;
      for (let i = 0, at = x * length; i < length; i++, at++) sum += (line[i] as number) * (shares[at] as number);
      target[start + x * step] = sum;
    }
  }
}
