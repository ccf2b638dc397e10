/**
 * Minimises a smooth convex function by L-BFGS (Nocedal 1980; Nocedal and Wright, Numerical Optimization, 2nd ed., algorithms 7.4 and 7.5),
 * with steps that are halved until they gain enough.
 */

/** Returns the value at `point` and writes the gradient there. */
export type Differentiable = (point: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  point: Float64Array;
  value: number;
  iterations: number;
  /** Whether the largest component of the gradient fell below the tolerance. */
  converged: boolean;
}

/** How many earlier steps the curvature is told from. */
const memory = 10;
/** The share of the gain that the gradient promises with which a step is content. */
const enough = 1e-4;

export function minimise(
  of: Differentiable,
  start: Float64Array,
  { tolerance, maxIterations }: { tolerance: number; maxIterations: number },
): Minimum {
  let point = start.slice();
  let gradient = new Float64Array(point.length);
  let value = of(point, gradient);
  const steps: Step[] = [];
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    if (largest(gradient) <= tolerance) return { point, value, iterations, converged: true };
    const direction = descent(gradient, steps);
    const slope = dot(direction, gradient);
    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
    const next = new Float64Array(point.length);
    const nextGradient = new Float64Array(point.length);
    let nextValue = Number.POSITIVE_INFINITY;
    let accepted = false;
    for (let tries = 0; tries < 40 && !accepted; tries++, length /= 2) {
      for (let k = 0; k < point.length; k++) next[k] = point[k]! + length * direction[k]!;
      nextValue = of(next, nextGradient);
      accepted =
        nextValue <= value + enough * length * slope || onlyRounding(value, nextValue, slope, direction, nextGradient);
    }
    if (!accepted) break;
    remember(steps, point, next, gradient, nextGradient);
    point = next;
    gradient = nextGradient;
    value = nextValue;
  }
  return { point, value, iterations, converged: largest(gradient) <= tolerance };
}

/**
 * Near the end values differ by rounding alone, and only gradients tell: a step is good where the slope has come nearer to 0 (the approximate
 * condition of Hager and Zhang 2005, section 2).
 */
function onlyRounding(
  value: number,
  nextValue: number,
  slope: number,
  direction: Float64Array,
  nextGradient: Float64Array,
): boolean {
  return nextValue <= value + 1e-13 * Math.abs(value) && Math.abs(dot(direction, nextGradient)) <= -0.9 * slope;
}

interface Step {
  moved: Float64Array;
  turned: Float64Array;
  /** 1 / (moved · turned) */
  rho: number;
}

/** A step along which the gradient did not grow says nothing of a curvature. */
function remember(steps: Step[], from: Float64Array, to: Float64Array, before: Float64Array, after: Float64Array) {
  const moved = to.map((x, k) => x - from[k]!);
  const turned = after.map((g, k) => g - before[k]!);
  const product = dot(moved, turned);
  if (!(product > 1e-14 * dot(turned, turned))) return;
  if (steps.length === memory) steps.shift();
  steps.push({ moved, turned, rho: 1 / product });
}

/** −H·gradient by the two loops over the steps remembered. */
function descent(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const direction = gradient.map((g) => -g);
  const alphas: number[] = [];
  for (const { moved, turned, rho } of steps.toReversed()) {
    const alpha = rho * dot(moved, direction);
    alphas.push(alpha);
    addScaled(direction, turned, -alpha);
  }
  const last = steps.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.turned, last.turned));
    for (let k = 0; k < direction.length; k++) direction[k]! *= scale;
  }
  for (const { moved, turned, rho } of steps) {
    addScaled(direction, moved, alphas.pop()! - rho * dot(turned, direction));
  }
  return direction;
}

function addScaled(to: Float64Array, what: Float64Array, factor: number): void {
  for (let k = 0; k < to.length; k++) to[k]! += factor * what[k]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

const largest = (values: Float64Array) => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
