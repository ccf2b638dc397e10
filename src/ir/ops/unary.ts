/** Functions of one number, element by element. */
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { divide, multiply, subtract } from './arithmetic.ts';
import { expectFloat, mapUnary } from './pointwise.ts';
import { pixelwise } from './window.ts';

export const expOp = defineOp({
  name: 'exp',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x]) => {
    expectFloat('exp', 'x', x);
    return [x];
  },
  evaluate: ([x], [y]) => mapUnary(x, y, Math.exp),
  gradient: { x: ({ outputs: [y], cotangents: [dy] }) => multiply(dy, y) },
  window: pixelwise,
  recompute: 'cheap',
  samples: [{ inputs: [[2, 3]], attributes: {} }],
});

/** eˣ. */
export function exp(x: Value): Value {
  return applyOne(expOp, [x]);
}

export const logOp = defineOp({
  name: 'log',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x]) => {
    expectFloat('log', 'x', x);
    return [x];
  },
  evaluate: ([x], [y]) => mapUnary(x, y, Math.log),
  gradient: { x: ({ inputs: [x], cotangents: [dy] }) => divide(dy, x) },
  window: pixelwise,
  recompute: 'cheap',
  samples: [
    { inputs: [{ shape: [2, 3], values: 'positive' }], attributes: {} },
    { inputs: [{ shape: [2, 3], values: { mean: 1e-8, deviation: 1e-9 } }], attributes: {} },
  ],
});

/** The natural logarithm. */
export function log(x: Value): Value {
  return applyOne(logOp, [x]);
}

export const sqrtOp = defineOp({
  name: 'sqrt',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x]) => {
    expectFloat('sqrt', 'x', x);
    return [x];
  },
  evaluate: ([x], [y]) => mapUnary(x, y, Math.sqrt),
  // d√x = dx / 2√x
  gradient: { x: ({ outputs: [y], cotangents: [dy] }) => divide(multiply(dy, 0.5), y) },
  window: pixelwise,
  recompute: 'cheap',
  samples: [
    { inputs: [{ shape: [2, 3], values: 'positive' }], attributes: {} },
    { inputs: [{ shape: [2, 3], values: { mean: 1e-8, deviation: 1e-9 } }], attributes: {}, absolute: 1e-9 },
  ],
});

/** √x. */
export function sqrt(x: Value): Value {
  return applyOne(sqrtOp, [x]);
}

export const sigmoidOp = defineOp({
  name: 'sigmoid',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x]) => {
    expectFloat('sigmoid', 'x', x);
    return [x];
  },
  evaluate: ([x], [y]) => mapUnary(x, y, (v) => 1 / (1 + Math.exp(-v))),
  // dx = dy · y (1 − y)
  gradient: { x: ({ outputs: [y], cotangents: [dy] }) => multiply(dy, multiply(y, subtract(1, y))) },
  window: pixelwise,
  recompute: 'cheap',
  samples: [
    { inputs: [[2, 3]], attributes: {} },
    { inputs: [{ shape: [2, 3], values: { mean: 0, deviation: 50 } }], attributes: {} },
  ],
});

/** 1 / (1 + e⁻ˣ), between 0 and 1. */
export function sigmoid(x: Value): Value {
  return applyOne(sigmoidOp, [x]);
}
