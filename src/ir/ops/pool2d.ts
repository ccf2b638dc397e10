/** Maximum and average over a window, and their gradients. */
import { formatShape, type Shape, ShapeError, sameShape, sizeOf } from '../../tensor/index.ts';
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { type Array64, defineOp, type TensorType } from '../op.ts';
import { expectFloat } from './pointwise.ts';
import { forEachTap, type Pair, windowOutput } from './window.ts';

export interface PoolAttributes {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
}

const one: Pair = [1, 1];
const size = (shape: Shape): Pair => [shape[2] as number, shape[3] as number];

function inferPool(where: string, x: TensorType, attributes: PoolAttributes): [TensorType] {
  expectFloat(where, 'x', x, 4);
  if (attributes.padding.some((padding, i) => padding * 2 > (attributes.kernel[i] as number)))
    throw new ShapeError(
      `${where}: padding ${attributes.padding.join('×')} is more than half of the kernel ${attributes.kernel.join('×')}`,
    );
  return [
    {
      dtype: x.dtype,
      shape: [...x.shape.slice(0, 2), ...windowOutput(where, x.shape, { ...attributes, dilation: one })],
    },
  ];
}

/** For every output element, the input element under its window that is largest (the first of equals). */
function largestUnder(
  x: Array64,
  y: Shape,
  attributes: PoolAttributes,
  visit: (output: number, input: number) => void,
): void {
  const [inputArea, outputArea] = [sizeOf(x.shape.slice(2)), sizeOf(y.slice(2))];
  const best = new Int32Array(outputArea);
  for (let plane = 0; plane < (y[0] as number) * (y[1] as number); plane++) {
    best.fill(-1);
    forEachTap(size(y), size(x.shape), { ...attributes, dilation: one }, (out, at) => {
      const index = plane * inputArea + at;
      const known = best[out] as number;
      if (known < 0 || (x.data[index] as number) > (x.data[known] as number)) best[out] = index;
    });
    best.forEach((at, out) => {
      visit(plane * outputArea + out, at);
    });
  }
}

export const maxPool2dOp = defineOp({
  name: 'maxPool2d',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x], attributes: PoolAttributes) => inferPool('maxPool2d', x, attributes),
  evaluate: ([x], [y], attributes) => {
    largestUnder(x, y.shape, attributes, (out, at) => {
      y.data[out] = x.data[at] as number;
    });
  },
  gradient: {
    x: ({ inputs: [x], attributes, cotangents: [dy] }) => applyOne(maxPool2dGradientOp, [x, dy], attributes),
  },
  window: (_, attributes) => ({ ...attributes, dilation: one }),
  recompute: 'never',
  samples: [
    { inputs: [[2, 3, 6, 6]], attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0] } },
    { inputs: [[1, 2, 7, 6]], attributes: { kernel: [3, 3], stride: [2, 2], padding: [1, 1] } },
  ],
});

/** The largest under each window of x [N, C, H, W]. @throws ShapeError where the window does not fit */
export function maxPool2d(x: Value, attributes: PoolAttributes): Value {
  return applyOne(maxPool2dOp, [x], attributes);
}

export const maxPool2dGradientOp = defineOp({
  name: 'maxPool2dGradient',
  inputs: ['x', 'dy'],
  outputs: ['dx'],
  infer: ([x, dy], attributes: PoolAttributes) => {
    expectPooled('maxPool2dGradient', x, dy, attributes);
    return [x];
  },
  evaluate: ([x, dy], [dx], attributes) => {
    largestUnder(x, dy.shape, attributes, (out, at) => {
      dx.data[at] = (dx.data[at] as number) + (dy.data[out] as number);
    });
  },
  gradient: { x: 'none', dy: 'unsupported' },
  recompute: 'never',
  samples: [
    {
      inputs: [
        [2, 3, 6, 6],
        [2, 3, 3, 3],
      ],
      attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0] },
    },
    {
      inputs: [
        [1, 2, 7, 6],
        [1, 2, 4, 3],
      ],
      attributes: { kernel: [3, 3], stride: [2, 2], padding: [1, 1] },
    },
  ],
});

export const averagePool2dOp = defineOp({
  name: 'averagePool2d',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x], attributes: PoolAttributes) => inferPool('averagePool2d', x, attributes),
  evaluate: ([x], [y], attributes) =>
    spread(y, x, attributes, (out, at, share) => {
      y.data[out] = (y.data[out] as number) + (x.data[at] as number) * share;
    }),
  gradient: {
    x: ({ inputs: [x], attributes, cotangents: [dy] }) =>
      averagePool2dGradient(dy, { ...attributes, size: size(x.type.shape) }),
  },
  window: (_, attributes) => ({ ...attributes, dilation: one }),
  recompute: 'never',
  samples: [
    { inputs: [[2, 3, 6, 4]], attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0] } },
    { inputs: [[2, 3, 7, 5]], attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0] } },
    { inputs: [[1, 2, 5, 6]], attributes: { kernel: [3, 3], stride: [2, 2], padding: [1, 1] } },
    {
      inputs: [{ shape: [1, 2, 64, 64], values: { mean: 1e4, deviation: 1 } }],
      attributes: { kernel: [64, 64], stride: [64, 64], padding: [0, 0] },
    },
  ],
});

/** The mean under each window of x [N, C, H, W]; padding counts as zeros. @throws ShapeError where the window does not fit */
export function averagePool2d(x: Value, attributes: PoolAttributes): Value {
  return applyOne(averagePool2dOp, [x], attributes);
}

type AverageGradientAttributes = PoolAttributes & { readonly size: Pair };

export const averagePool2dGradientOp = defineOp({
  name: 'averagePool2dGradient',
  inputs: ['dy'],
  outputs: ['dx'],
  infer: ([dy], attributes: AverageGradientAttributes) => {
    const x = { dtype: dy.dtype, shape: [...dy.shape.slice(0, 2), ...attributes.size] };
    expectPooled('averagePool2dGradient', x, dy, attributes);
    return [x];
  },
  evaluate: ([dy], [dx], attributes) =>
    spread(dy, dx, attributes, (out, at, share) => {
      dx.data[at] = (dx.data[at] as number) + (dy.data[out] as number) * share;
    }),
  gradient: {
    dy: ({ attributes: { size: _, ...attributes }, cotangents: [ddx] }) => averagePool2d(ddx, attributes),
  },
  recompute: 'never',
  samples: [
    { inputs: [[2, 3, 3, 2]], attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], size: [6, 4] } },
    { inputs: [[2, 3, 3, 2]], attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0], size: [7, 5] } },
    { inputs: [[1, 2, 3, 3]], attributes: { kernel: [3, 3], stride: [2, 2], padding: [1, 1], size: [5, 6] } },
  ],
});

/** The gradient of `averagePool2d` by an x of height and width `size`. */
function averagePool2dGradient(dy: Value, attributes: AverageGradientAttributes): Value {
  return applyOne(averagePool2dGradientOp, [dy], attributes);
}

/** Visits every output element, each input element under its window, and the share of the mean that it has. */
function spread(
  output: Array64,
  input: Array64,
  attributes: PoolAttributes,
  visit: (output: number, input: number, share: number) => void,
): void {
  const share = 1 / (attributes.kernel[0] * attributes.kernel[1]);
  const [inputArea, outputArea] = [sizeOf(input.shape.slice(2)), sizeOf(output.shape.slice(2))];
  for (let plane = 0; plane < (output.shape[0] as number) * (output.shape[1] as number); plane++)
    forEachTap(size(output.shape), size(input.shape), { ...attributes, dilation: one }, (out, at) => {
      visit(plane * outputArea + out, plane * inputArea + at, share);
    });
}

/** @throws ShapeError unless pooling x gives the shape of dy */
function expectPooled(where: string, x: TensorType, dy: TensorType, attributes: PoolAttributes): void {
  const [y] = inferPool(where, x, attributes);
  if (!sameShape(y.shape, dy.shape))
    throw new ShapeError(`${where}: expected \`dy\` to be ${formatShape(y.shape)}, but it is ${formatShape(dy.shape)}`);
}
