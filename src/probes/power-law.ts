/**
 * How errors fall as samples are added: error(n) = a·n^(−b) + c. Hestness et al. 2017 (arXiv:1712.00409, section 3) found the law in images,
 * language and speech; the floor c is that of Rosenfeld et al. 2019 (arXiv:1909.12673, section 5). Viering and Loog 2021 (arXiv:2103.10948,
 * section 4) collect where it holds, and where curves do something else, which no fit to the beginning of a curve can tell.
 */
import { DataError, ShapeError } from '../tensor/index.ts';

export interface PowerLaw {
  /** a ≥ 0 */
  readonly scale: number;
  /** b, between 0.05 and 1.5 */
  readonly exponent: number;
  /** c ≥ 0 */
  readonly floor: number;
}

/** What is believed of a number before it is measured: a normal distribution. */
export interface Belief {
  readonly mean: number;
  readonly deviation: number;
}

export interface PowerLawOptions {
  /** Samples, above 0. */
  readonly sizes: readonly number[];
  /** The error at each size, 0 to 1. */
  readonly errors: readonly number[];
  /** 1 / variance of each error; default 1. */
  readonly weights?: readonly number[];
  /** Where few noisy points tell little of a curve's shape, it stays near these. */
  readonly exponent?: Belief;
  readonly floor?: Belief;
}

const bounds = { low: 0.05, high: 1.5, steps: 30 };

/**
 * The law with the least weighted sum of squares, beliefs counted as further measurements. For each exponent of a bounded grid the best a and c
 * are those of a linear problem; between grid points the exponent is found by golden sections.
 * @throws ShapeError where lengths differ
 * @throws DataError for no points, or sizes that are not above 0
 */
export function fitPowerLaw(options: PowerLawOptions): PowerLaw {
  const { sizes, errors, weights } = options;
  if (sizes.length !== errors.length || (weights && weights.length !== sizes.length)) {
    throw new ShapeError(
      `fitPowerLaw: each size needs an error and a weight, but ${sizes.length} sizes have ${errors.length} errors` +
        `${weights ? ` and ${weights.length} weights` : ''}`,
    );
  }
  if (sizes.length === 0 || !sizes.every((size) => size > 0))
    throw new DataError(`fitPowerLaw: sizes must be above 0, but are ${sizes.join(', ') || 'none'}`);
  const { low, high, steps } = bounds;
  const at = (step: number) => low + ((high - low) * step) / steps;
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let step = 0; step <= steps; step++) {
    const { cost } = withExponent(at(step), options);
    if (cost < least) [best, least] = [step, cost];
  }
  const exponent = goldenSection(
    (b) => withExponent(b, options).cost,
    at(Math.max(0, best - 1)),
    at(Math.min(steps, best + 1)),
  );
  return withExponent(exponent, options).law;
}

/** The error that the law gives for `size` samples, at most 1. */
export function errorAt({ scale, exponent, floor }: PowerLaw, size: number): number {
  return Math.min(1, scale * size ** -exponent + floor);
}

/** a and c for one b: weighted least squares in two unknowns that are at least 0. */
function withExponent(exponent: number, options: PowerLawOptions): { law: PowerLaw; cost: number } {
  const { sizes, errors, weights, floor, exponent: belief } = options;
  // sizes are taken relative to the first, so that x is about 1
  const unit = sizes[0]!;
  let [ww, xw, xx, yw, xy] = [0, 0, 0, 0, 0];
  const xs = sizes.map((size) => (size / unit) ** -exponent);
  xs.forEach((x, i) => {
    const w = weights?.[i] ?? 1;
    const y = errors[i]!;
    ww += w;
    xw += w * x;
    xx += w * x * x;
    yw += w * y;
    xy += w * x * y;
  });
  if (floor) {
    ww += floor.deviation ** -2;
    yw += floor.deviation ** -2 * floor.mean;
  }
  const determinant = ww * xx - xw * xw;
  let a = determinant > 1e-12 * ww * xx ? (ww * xy - xw * yw) / determinant : xy / xx;
  let c = (yw - a * xw) / ww;
  if (a < 0) [a, c] = [0, Math.max(0, yw / ww)];
  else if (c < 0) [a, c] = [Math.max(0, xy / xx), 0];
  let cost = xs.reduce((sum, x, i) => sum + (weights?.[i] ?? 1) * (a * x + c - errors[i]!) ** 2, 0);
  if (floor) cost += ((c - floor.mean) / floor.deviation) ** 2;
  if (belief) cost += ((exponent - belief.mean) / belief.deviation) ** 2;
  return { law: { scale: a * unit ** exponent, exponent, floor: c }, cost };
}

function goldenSection(of: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [a, b] = [low, high];
  let [x, y] = [b - ratio * (b - a), a + ratio * (b - a)];
  let [ofX, ofY] = [of(x), of(y)];
  for (let i = 0; i < 25; i++) {
    if (ofX <= ofY) {
      [b, y, ofY] = [y, x, ofX];
      x = b - ratio * (b - a);
      ofX = of(x);
    } else {
      [a, x, ofX] = [x, y, ofY];
      y = a + ratio * (b - a);
      ofY = of(y);
    }
  }
  return (a + b) / 2;
}
