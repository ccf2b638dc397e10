/** Conditions and what depends on them: comparison, finiteness, selection, and conversion of dtypes. */
import { broadcastShapes, type Dtype, ShapeError } from '../../tensor/index.ts';
import { applyOne, type Operand } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { binarySamples, expectFloat, forEachBroadcast, inferBinary, mapBinary, mapUnary } from './pointwise.ts';

export const greaterOp = defineOp({
  name: 'greater',
  inputs: ['a', 'b'],
  outputs: ['y'],
  infer: ([a, b]) => inferBinary('greater', a, b, 'bool'),
  evaluate: ([a, b], [y]) => mapBinary(a, b, y, (p, q) => (p > q ? 1 : 0)),
  gradient: { a: 'none', b: 'none' },
  recompute: 'cheap',
  samples: binarySamples,
});

/** a > b, as bool. @throws ShapeError where the shapes do not broadcast */
export function greater(a: Operand, b: Operand): Value {
  return applyOne(greaterOp, [a, b]);
}

export const isFiniteOp = defineOp({
  name: 'isFinite',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x]) => {
    expectFloat('isFinite', 'x', x);
    return [{ dtype: 'bool', shape: x.shape }];
  },
  evaluate: ([x], [y]) => mapUnary(x, y, (v) => (Number.isFinite(v) ? 1 : 0)),
  gradient: { x: 'none' },
  recompute: 'cheap',
  samples: [{ inputs: [[2, 3]], attributes: {} }],
});

/** Neither infinite nor NaN, as bool. */
export function finite(x: Value): Value {
  return applyOne(isFiniteOp, [x]);
}

export const selectOp = defineOp({
  name: 'select',
  inputs: ['condition', 'a', 'b'],
  outputs: ['y'],
  infer: ([condition, a, b]) => {
    if (condition.dtype !== 'bool')
      throw new ShapeError(`select: expected \`condition\` to be bool, but it is ${condition.dtype}`);
    const [either] = inferBinary('select', a, b);
    return [{ dtype: either.dtype, shape: broadcastShapes(condition.shape, either.shape, 'select') }];
  },
  evaluate: ([condition, a, b], [y]) => {
    forEachBroadcast(y.shape, [condition.shape, a.shape, b.shape], (i, [c, p, q]) => {
      y.data[i] = (condition.data[c as number] ? a.data[p as number] : b.data[q as number]) as number;
    });
  },
  gradient: {
    condition: 'none',
    a: ({ inputs: [condition], cotangents: [dy] }) => select(condition, dy, 0),
    b: ({ inputs: [condition], cotangents: [dy] }) => select(condition, 0, dy),
  },
  recompute: 'cheap',
  samples: [
    { inputs: [{ shape: [2, 3], values: { integersBelow: 2 }, dtype: 'bool' }, [2, 3], [2, 3]], attributes: {} },
    { inputs: [{ shape: [3], values: { integersBelow: 2 }, dtype: 'bool' }, [2, 3], []], attributes: {} },
  ],
});

/** `a` where `condition` (bool) holds, else `b`. @throws ShapeError where the shapes do not broadcast */
export function select(condition: Value, a: Operand, b: Operand): Value {
  return applyOne(selectOp, [condition, a, b]);
}

export const castOp = defineOp({
  name: 'cast',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x], { to }: { to: Dtype }) => [{ dtype: to, shape: x.shape }],
  evaluate: ([x], [y], { to }) => {
    if (to === 'float32' || to === 'float64') mapUnary(x, y, (v) => v);
    else if (to === 'bool') mapUnary(x, y, (v) => (v === 0 ? 0 : 1));
    else mapUnary(x, y, Math.trunc);
  },
  gradient: {
    x: ({ inputs: [x], attributes: { to }, cotangents: [dy] }) =>
      to === 'float32' ? cast(dy, x.type.dtype) : x.graph.constant(0, x.type.shape),
  },
  recompute: 'cheap',
  samples: [
    { inputs: [{ shape: [2, 3], values: { integersBelow: 9 }, dtype: 'uint8' }], attributes: { to: 'float32' } },
    { inputs: [{ shape: [4], values: { integersBelow: 2 }, dtype: 'bool' }], attributes: { to: 'float32' } },
    { inputs: [[4]], attributes: { to: 'int32' } },
  ],
});

/** The same numbers in another dtype; floats become integers by dropping the fraction. */
export function cast(x: Value, to: Dtype): Value {
  return x.type.dtype === to ? x : applyOne(castOp, [x], { to });
}
