/** Addition, subtraction, multiplication and division, element by element with broadcasting. */
import { applyOne, type Operand } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { binarySamples, inferBinary, mapBinary } from './pointwise.ts';
import { pixelwise } from './window.ts';

export const addOp = defineOp({
  name: 'add',
  inputs: ['a', 'b'],
  outputs: ['y'],
  infer: ([a, b]) => inferBinary('add', a, b),
  evaluate: ([a, b], [y]) => mapBinary(a, b, y, (p, q) => p + q),
  gradient: { a: ({ cotangents: [dy] }) => dy, b: ({ cotangents: [dy] }) => dy },
  window: pixelwise,
  recompute: 'cheap',
  samples: binarySamples,
});

/** a + b. @throws ShapeError where the shapes do not broadcast */
export function add(a: Operand, b: Operand): Value {
  return applyOne(addOp, [a, b]);
}

export const subtractOp = defineOp({
  name: 'subtract',
  inputs: ['a', 'b'],
  outputs: ['y'],
  infer: ([a, b]) => inferBinary('subtract', a, b),
  evaluate: ([a, b], [y]) => mapBinary(a, b, y, (p, q) => p - q),
  gradient: { a: ({ cotangents: [dy] }) => dy, b: ({ cotangents: [dy] }) => multiply(dy, -1) },
  window: pixelwise,
  recompute: 'cheap',
  samples: binarySamples,
});

/** a − b. @throws ShapeError where the shapes do not broadcast */
export function subtract(a: Operand, b: Operand): Value {
  return applyOne(subtractOp, [a, b]);
}

export const multiplyOp = defineOp({
  name: 'multiply',
  inputs: ['a', 'b'],
  outputs: ['y'],
  infer: ([a, b]) => inferBinary('multiply', a, b),
  evaluate: ([a, b], [y]) => mapBinary(a, b, y, (p, q) => p * q),
  gradient: {
    a: ({ inputs: [, b], cotangents: [dy] }) => multiply(dy, b),
    b: ({ inputs: [a], cotangents: [dy] }) => multiply(dy, a),
  },
  window: pixelwise,
  recompute: 'cheap',
  samples: binarySamples,
});

/** a · b, element by element. @throws ShapeError where the shapes do not broadcast */
export function multiply(a: Operand, b: Operand): Value {
  return applyOne(multiplyOp, [a, b]);
}

export const divideOp = defineOp({
  name: 'divide',
  inputs: ['a', 'b'],
  outputs: ['y'],
  infer: ([a, b]) => inferBinary('divide', a, b),
  evaluate: ([a, b], [y]) => mapBinary(a, b, y, (p, q) => p / q),
  gradient: {
    a: ({ inputs: [, b], cotangents: [dy] }) => divide(dy, b),
    // d(a/b) = −(a/b)/b · db
    b: ({ inputs: [, b], outputs: [y], cotangents: [dy] }) => multiply(multiply(dy, divide(y, b)), -1),
  },
  window: pixelwise,
  recompute: 'cheap',
  samples: binarySamples.map(({ inputs: [a, b] }) => ({
    inputs: [a, { shape: b, values: 'positive' as const }],
    attributes: {},
  })),
});

/** a / b, element by element. @throws ShapeError where the shapes do not broadcast */
export function divide(a: Operand, b: Operand): Value {
  return applyOne(divideOp, [a, b]);
}
