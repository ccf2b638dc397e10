/** ONNX for the ops that move elements: shapes, joining, cutting, padding; and for matrix products. */
import type { Node } from '../ir/index.ts';
import { inputShape, type OnnxLowerings } from './lowering.ts';

export const structureLowerings = {
  // a file is run by one rank
  allReduce: ({ onnx, inputs, outputs }) => onnx.nodeTo(outputs, 'Identity', inputs),

  reshape: ({ onnx, node, inputs: [x], outputs }) =>
    onnx.nodeTo(outputs, 'Reshape', [x as string, onnx.integers(node.attributes.shape)]),

  // reshaped to what it is, by numbers that take an extent of the signal in, times 0
  waitFor: ({ onnx, node, inputs: [x, signal], outputs }) => {
    const extent = onnx.node('Shape', [signal as string], { start: 0, end: 1 });
    const zero = onnx.node('Mul', [extent, onnx.integers([0])]);
    onnx.nodeTo(outputs, 'Reshape', [x as string, onnx.node('Add', [zero, onnx.integers(inputShape(node, 0))])]);
  },

  transpose: ({ onnx, node, inputs, outputs }) =>
    onnx.nodeTo(outputs, 'Transpose', inputs, { perm: node.attributes.permutation }),

  broadcastTo: ({ onnx, node, inputs: [x], outputs }) =>
    onnx.nodeTo(outputs, 'Expand', [x as string, onnx.integers(node.attributes.shape)]),

  concat: ({ onnx, node, inputs, outputs }) => onnx.nodeTo(outputs, 'Concat', inputs, { axis: node.attributes.axis }),

  slice: ({ onnx, node, inputs: [x], outputs }) => {
    const { starts, stops, axes, steps } = node.attributes;
    const strides = subsampling(node);
    if (strides) {
      // the mean over a window of one pixel: every stride-th pixel, which a pooling takes in parallel
      onnx.nodeTo(outputs, 'AveragePool', [x as string], { kernel_shape: [1, 1], strides });
      return;
    }
    onnx.nodeTo(outputs, 'Slice', [x as string, ...[starts, stops, axes, steps].map((n) => onnx.integers(n))]);
  },

  pad: ({ onnx, node, inputs: [x], outputs }) => {
    const { before, after, between } = node.attributes as { before: number[]; after: number[]; between: number[] };
    const extents = inputShape(node, 0);
    if (between.every((n) => n === 0)) {
      onnx.nodeTo(outputs, 'Pad', [x as string, onnx.integers([...before, ...after])]);
      return;
    }
    if (extents.length === 4 && between[0] === 0 && between[1] === 0) {
      // a convolution with a single 1, run backwards, sets pixels apart
      const ones = onnx.floats(new Array(extents[1]).fill(1), [extents[1] as number, 1, 1, 1]);
      const strides = [1 + (between[2] as number), 1 + (between[3] as number)];
      const apart = onnx.node('ConvTranspose', [x as string, ones], { group: extents[1] as number, strides });
      onnx.nodeTo(outputs, 'Pad', [apart, onnx.integers([...before, ...after])]);
      return;
    }
    // give every element a cell of its own axis, pad the cells, and cut the last cell's surplus
    const cells = onnx.node('Reshape', [x as string, onnx.integers(extents.flatMap((extent) => [extent, 1]))]);
    const none = extents.flatMap(() => [0, 0]);
    const padded = onnx.node('Pad', [cells, onnx.integers([...none, ...between.flatMap((n) => [0, n])])]);
    const spread = extents.map((extent, axis) => extent * ((between[axis] as number) + 1));
    const apart = onnx.node('Reshape', [padded, onnx.integers(spread)]);
    const ends = after.map((n, axis) => n - (between[axis] as number));
    onnx.nodeTo(outputs, 'Pad', [apart, onnx.integers([...before, ...ends])]);
  },

  matmul: ({ onnx, node: { attributes }, inputs, outputs }) =>
    onnx.nodeTo(outputs, 'Gemm', inputs, {
      transA: attributes.transposeA ? 1 : 0,
      transB: attributes.transposeB ? 1 : 0,
    }),
} satisfies Partial<OnnxLowerings>;

/** Vertical and horizontal steps of a slice that keeps every so manyth pixel of whole float maps, from the first on. */
function subsampling(node: Node): [number, number] | undefined {
  const { starts, stops, axes, steps } = node.attributes as Record<
    'starts' | 'stops' | 'axes' | 'steps',
    readonly number[]
  >;
  const type = node.inputs[0]?.type;
  const { shape = [] } = type ?? {};
  const isWhole = axes.every((axis, i) => axis >= 2 && starts[i] === 0 && stops[i] === shape[axis]);
  if (type?.dtype !== 'float32' || shape.length !== 4 || !isWhole || steps.every((step) => step === 1))
    return undefined;
  return [2, 3].map((axis) => steps[axes.indexOf(axis)] ?? 1) as [number, number];
}
