/** A tensor that comes no earlier than another: how a backward pass says when to compute something again. */
import { formatShape, ShapeError } from '../../tensor/index.ts';
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';

export const waitForOp = defineOp({
  name: 'waitFor',
  inputs: ['x', 'signal'],
  outputs: ['y'],
  infer: ([x, signal]) => {
    if (x.shape.length === 0 || signal.shape.length === 0)
      throw new ShapeError(
        `waitFor: expected tensors with an axis or more, but got ${formatShape(x.shape)} and ${formatShape(signal.shape)}`,
      );
    return [x];
  },
  evaluate: ([x], [y]) => y.data.set(x.data),
  gradient: { x: ({ cotangents: [dy] }) => dy, signal: 'none' },
  isView: true,
  recompute: 'never',
  samples: [
    { inputs: [[2, 3], [4]], attributes: {} },
    {
      inputs: [
        [2, 3, 4, 5],
        [2, 3, 1, 1],
      ],
      attributes: {},
    },
  ],
});

/** `x`; what is made from the result is not computed before `signal` is there. @throws ShapeError for scalars */
export function waitFor(x: Value, signal: Value): Value {
  return applyOne(waitForOp, [x, signal]);
}
