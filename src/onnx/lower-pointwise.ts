/** ONNX for the ops that work element by element, and for sums. */
import { elementTypes } from './builder.ts';
import type { OnnxLowering, OnnxLowerings } from './lowering.ts';

/** The ONNX operator that means exactly the same. */
const same =
  (opType: string): OnnxLowering =>
  ({ onnx, inputs, outputs }) =>
    onnx.nodeTo(outputs, opType, inputs);

export const pointwiseLowerings = {
  add: same('Add'),
  subtract: same('Sub'),
  multiply: same('Mul'),
  divide: same('Div'),
  exp: same('Exp'),
  log: same('Log'),
  sqrt: same('Sqrt'),
  sigmoid: same('Sigmoid'),
  relu: same('Relu'),
  greater: same('Greater'),
  select: same('Where'),

  // the output of a rectifier is never negative, so its sign is the mask
  reluGradient: ({ onnx, inputs: [y, dy], outputs }) =>
    onnx.nodeTo(outputs, 'Mul', [dy as string, onnx.node('Sign', [y as string])]),

  // x − x is 0 for finite x and NaN for the others
  isFinite: ({ onnx, inputs: [x], outputs }) =>
    onnx.nodeTo(outputs, 'Equal', [onnx.node('Sub', [x as string, x as string]), onnx.floats(0)]),

  cast: ({ onnx, node, inputs, outputs }) =>
    onnx.nodeTo(outputs, 'Cast', inputs, { to: elementTypes[node.attributes.to as keyof typeof elementTypes] }),

  sum: ({ onnx, node: { attributes }, inputs: [x], outputs }) =>
    onnx.nodeTo(outputs, 'ReduceSum', [x as string, onnx.integers(attributes.axes)], {
      keepdims: attributes.keepAxes ? 1 : 0,
    }),

  sumOfSquares: ({ onnx, inputs: [x], outputs }) =>
    onnx.nodeTo(outputs, 'ReduceSumSquare', [onnx.node('Reshape', [x as string, onnx.integers([-1])])], {
      keepdims: 1,
    }),

  logSoftmax: ({ onnx, inputs, outputs }) => onnx.nodeTo(outputs, 'LogSoftmax', inputs, { axis: 1 }),

  oneHot: ({ onnx, node: { attributes }, inputs: [labels], outputs }) => {
    const wide = onnx.node('Cast', [labels as string], { to: elementTypes.int64 });
    onnx.nodeTo(outputs, 'OneHot', [wide, onnx.integers([attributes.classes]), onnx.floats([0, 1])], { axis: 1 });
  },
} satisfies Partial<OnnxLowerings>;
