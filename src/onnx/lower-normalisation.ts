/** ONNX for batch normalisation in its parts. */
import type { Node } from '../ir/index.ts';
import { inputShape, type OnnxLowerings } from './lowering.ts';

/** All axes but the channels'. */
const others = (node: Node) => [...inputShape(node, 0).keys()].filter((axis) => axis !== 1);
/** [1, C, 1, 1]: a vector per channel as it broadcasts against x. */
const column = (node: Node) => inputShape(node, 0).map((extent, axis) => (axis === 1 ? extent : 1));

export const normalisationLowerings = {
  batchStatistics: ({ onnx, node, inputs: [x], outputs: [mean, variance] }) => {
    const axes = onnx.integers(others(node));
    const centre = onnx.node('ReduceMean', [x as string, axes], { keepdims: 1 });
    const centred = onnx.node('Sub', [x as string, centre]);
    const squares = onnx.node('Mul', [centred, centred]);
    onnx.node('ReduceMean', [squares, axes], { keepdims: 0 }, { output: variance as string });
    onnx.node('Reshape', [centre, onnx.integers([-1])], {}, { output: mean as string });
  },

  // the operator of prediction: with a batch's own statistics it is the training form, one pass over x
  normalise: ({ onnx, node, inputs: [x, mean, variance, weight, bias], outputs }) =>
    onnx.nodeTo(outputs, 'BatchNormalization', [x, weight, bias, mean, variance] as string[], {
      epsilon: { float: node.attributes.epsilon },
    }),

  normaliseSums: ({ onnx, node, inputs: [x, mean, dy], outputs: [plain, centred] }) => {
    const axes = onnx.integers(others(node));
    const centre = onnx.node('Reshape', [mean as string, onnx.integers(column(node))]);
    const product = onnx.node('Mul', [dy as string, onnx.node('Sub', [x as string, centre])]);
    onnx.node('ReduceSum', [dy as string, axes], { keepdims: 0 }, { output: plain as string });
    onnx.node('ReduceSum', [product, axes], { keepdims: 0 }, { output: centred as string });
  },
} satisfies Partial<OnnxLowerings>;
