/** The rectifier and its gradient. */
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { expectFloat, inferBinary, mapBinary, mapUnary } from './pointwise.ts';
import { pixelwise } from './window.ts';

export const reluOp = defineOp({
  name: 'relu',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x]) => {
    expectFloat('relu', 'x', x);
    return [x];
  },
  // written so that NaN stays NaN, as Math.max does
  evaluate: ([x], [y]) => mapUnary(x, y, (v) => Math.max(v, 0)),
  gradient: { x: ({ outputs: [y], cotangents: [dy] }) => reluGradient(y, dy) },
  window: pixelwise,
  recompute: 'dense',
  samples: [
    { inputs: [[3, 4]], attributes: {} },
    { inputs: [[2, 3, 4, 5]], attributes: {} },
  ],
});

/** max(x, 0). */
export function relu(x: Value): Value {
  return applyOne(reluOp, [x]);
}

/** Reads the rectifier's output, not its input, so that the input need not be kept. */
export const reluGradientOp = defineOp({
  name: 'reluGradient',
  inputs: ['y', 'dy'],
  outputs: ['dx'],
  infer: ([y, dy]) => inferBinary('reluGradient', y, dy),
  evaluate: ([y, dy], [dx]) => mapBinary(y, dy, dx, (v, d) => (v > 0 ? d : 0)),
  gradient: { y: 'none', dy: ({ inputs: [y], cotangents: [ddx] }) => reluGradient(y, ddx) },
  recompute: 'cheap',
  samples: [{ inputs: [{ shape: [3, 4], values: 'rectified' }, [3, 4]], attributes: {} }],
});

/** dy where the rectifier's output `y` is positive, else 0. */
export function reluGradient(y: Value, dy: Value): Value {
  return applyOne(reluGradientOp, [y, dy]);
}
