/** What a classification loss is made of: log-probabilities and one-hot labels. */
import { ShapeError } from '../../tensor/index.ts';
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { multiply, subtract } from './arithmetic.ts';
import { expectFloat } from './pointwise.ts';
import { sum } from './reduce.ts';
import { exp } from './unary.ts';

export const logSoftmaxOp = defineOp({
  name: 'logSoftmax',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x]) => {
    expectFloat('logSoftmax', 'x', x, 2);
    return [x];
  },
  evaluate: ([x], [y]) => {
    const [rows, columns] = x.shape as [number, number];
    for (let i = 0; i < rows; i++) {
      const row = x.data.subarray(i * columns, (i + 1) * columns);
      const largest = row.reduce((a, b) => Math.max(a, b), -Infinity);
      const total = row.reduce((sum, v) => sum + Math.exp(v - largest), 0);
      for (let j = 0; j < columns; j++) y.data[i * columns + j] = (row[j] as number) - largest - Math.log(total);
    }
  },
  gradient: {
    // dx = dy − softmax(x) · Σ dy
    x: ({ outputs: [y], cotangents: [dy] }) => subtract(dy, multiply(exp(y), sum(dy, [1], { keepAxes: true }))),
  },
  recompute: 'cheap',
  samples: [
    { inputs: [[3, 5]], attributes: {} },
    { inputs: [[1, 2]], attributes: {} },
    { inputs: [{ shape: [3, 5], values: { mean: 1e4, deviation: 3 } }], attributes: {} },
    { inputs: [{ shape: [3, 5], values: { mean: -500, deviation: 30 } }], attributes: {} },
  ],
});

/** log(softmax(x)) along the classes of [N, classes]. @throws ShapeError unless `x` has two axes */
export function logSoftmax(x: Value): Value {
  return applyOne(logSoftmaxOp, [x]);
}

export const oneHotOp = defineOp({
  name: 'oneHot',
  inputs: ['labels'],
  outputs: ['y'],
  infer: ([labels], { classes }: { classes: number }) => {
    if (labels.dtype !== 'int32' || labels.shape.length !== 1)
      throw new ShapeError(
        `oneHot: expected \`labels\` to be int32 [N], but got ${labels.dtype} [${labels.shape.join(', ')}]`,
      );
    return [{ dtype: 'float32', shape: [labels.shape[0] as number, classes] }];
  },
  evaluate: ([labels], [y], { classes }) => {
    labels.data.forEach((label, i) => {
      if (label >= 0 && label < classes) y.data[i * classes + label] = 1;
    });
  },
  gradient: { labels: 'none' },
  recompute: 'cheap',
  samples: [{ inputs: [{ shape: [5], values: { integersBelow: 3 }, dtype: 'int32' }], attributes: { classes: 3 } }],
});

/** Labels [N] (int32) as rows [N, classes] with a single 1. @throws ShapeError */
export function oneHot(labels: Value, classes: number): Value {
  return applyOne(oneHotOp, [labels], { classes });
}
