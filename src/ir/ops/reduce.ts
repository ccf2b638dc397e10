/** Sums over axes, and its counterpart: repeating along axes. */
import { broadcastShapes, formatShape, type Shape, ShapeError, sameShape } from '../../tensor/index.ts';
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { multiply } from './arithmetic.ts';
import { expectFloat, forEachBroadcast } from './pointwise.ts';
import { reshape } from './reshape.ts';

export interface SumAttributes {
  readonly axes: readonly number[];
  /** Leave summed axes in place with extent 1. */
  readonly keepAxes: boolean;
}

const summed = (shape: Shape, axes: readonly number[]) =>
  shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));

export const sumOp = defineOp({
  name: 'sum',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x], { axes, keepAxes }: SumAttributes) => {
    expectFloat('sum', 'x', x);
    const wrong = axes.find((axis) => !(Number.isInteger(axis) && axis >= 0 && axis < x.shape.length));
    if (wrong !== undefined)
      throw new ShapeError(`sum: axis ${wrong} does not exist in shape ${formatShape(x.shape)}`, 'axes count from 0');
    const shape = keepAxes ? summed(x.shape, axes) : x.shape.filter((_, axis) => !axes.includes(axis));
    return [{ dtype: x.dtype, shape }];
  },
  evaluate: ([x], [y], { axes }) => {
    forEachBroadcast(x.shape, [summed(x.shape, axes)], (i, [target]) => {
      y.data[target as number] = (y.data[target as number] as number) + (x.data[i] as number);
    });
  },
  gradient: {
    x: ({ inputs: [x], attributes: { axes }, cotangents: [dy] }) =>
      broadcastTo(reshape(dy, summed(x.type.shape, axes)), x.type.shape),
  },
  recompute: 'cheap',
  samples: [
    { inputs: [[2, 3, 4]], attributes: { axes: [1], keepAxes: false } },
    { inputs: [[2, 3, 4, 5]], attributes: { axes: [0, 2, 3], keepAxes: false } },
    { inputs: [[2, 3, 4, 5]], attributes: { axes: [2, 3], keepAxes: true } },
    { inputs: [[2, 3]], attributes: { axes: [0, 1], keepAxes: false } },
    // many pixels that are all large: what each addition rounds must not add up
    {
      inputs: [{ shape: [1, 2, 128, 128], values: { mean: 1e4, deviation: 1 } }],
      attributes: { axes: [2, 3], keepAxes: false },
    },
  ],
});

/** The sum over `axes` (all of them if left out), which disappear unless `keepAxes`. @throws ShapeError */
export function sum(x: Value, axes?: readonly number[], options: { keepAxes?: boolean } = {}): Value {
  return applyOne(sumOp, [x], {
    axes: axes ?? x.type.shape.map((_, axis) => axis),
    keepAxes: options.keepAxes ?? false,
  });
}

export const sumOfSquaresOp = defineOp({
  name: 'sumOfSquares',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x]) => {
    expectFloat('sumOfSquares', 'x', x);
    return [{ dtype: x.dtype, shape: [1] }];
  },
  evaluate: ([x], [y]) => {
    y.data[0] = x.data.reduce((total, v) => total + v * v, 0);
  },
  gradient: { x: ({ inputs: [x], cotangents: [dy] }) => multiply(multiply(x, 2), dy) },
  recompute: 'cheap',
  samples: [
    { inputs: [[2, 3]], attributes: {} },
    { inputs: [[2, 1, 3, 2]], attributes: {} },
    { inputs: [{ shape: [5, 7], values: { mean: 0, deviation: 1e-6 } }], attributes: {}, absolute: 1e-20 },
    { inputs: [{ shape: [5, 7], values: { mean: 0, deviation: 1e6 } }], attributes: {} },
  ],
});

/** Σ x² over all elements, as [1]: one node for what every parameter's gradient is asked in every step. */
export function sumOfSquares(x: Value): Value {
  return applyOne(sumOfSquaresOp, [x]);
}

/** The mean over `axes` (all of them if left out), which disappear unless `keepAxes`. @throws ShapeError */
export function mean(x: Value, axes?: readonly number[], options: { keepAxes?: boolean } = {}): Value {
  const over = axes ?? x.type.shape.map((_, axis) => axis);
  const count = over.reduce((product, axis) => product * (x.type.shape[axis] ?? 1), 1);
  return multiply(sum(x, over, options), 1 / count);
}

export const broadcastToOp = defineOp({
  name: 'broadcastTo',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x], { shape }: { shape: Shape }) => {
    if (!sameShape(broadcastShapes(x.shape, shape, 'broadcastTo'), shape))
      throw new ShapeError(`broadcastTo: shape ${formatShape(x.shape)} does not repeat to ${formatShape(shape)}`);
    return [{ dtype: x.dtype, shape }];
  },
  evaluate: ([x], [y]) => {
    forEachBroadcast(y.shape, [x.shape], (i, [source]) => {
      y.data[i] = x.data[source as number] as number;
    });
  },
  // the repeated axes are summed where autodiff undoes broadcasting
  gradient: { x: ({ cotangents: [dy] }) => dy },
  recompute: 'cheap',
  samples: [
    { inputs: [[3, 1]], attributes: { shape: [2, 3, 4] } },
    { inputs: [[]], attributes: { shape: [2, 2] } },
  ],
});

/** `x` repeated to `shape`. @throws ShapeError where `x` does not broadcast to it */
export function broadcastTo(x: Value, shape: Shape): Value {
  return sameShape(x.type.shape, shape) ? x : applyOne(broadcastToOp, [x], { shape });
}
