/** ONNX for batch normalisation in its parts. */
import { type Node, shareOfStatistics } from '../ir/index.ts';
import { inputShape, type OnnxLowering, type OnnxLowerings } from './lowering.ts';

/** All axes but the channels'. */
const others = (node: Node) => [...inputShape(node, 0).keys()].filter((axis) => axis !== 1);
/** [1, C, 1, 1]: a vector per channel as it broadcasts against x. */
const column = (node: Node) => inputShape(node, 0).map((extent, axis) => (axis === 1 ? extent : 1));

/** What `measure` writes, the statistics of all that x holds; where that is a part, its share of those of the whole. */
export const measuredShare =
  (measure: OnnxLowering): OnnxLowering =>
  (context) => {
    const { onnx, node, outputs } = context;
    const share = shareOfStatistics(inputShape(node, 0), node.attributes);
    const own = share === 1 ? outputs : outputs.map(() => onnx.fresh('statistic'));
    measure({ ...context, outputs: own });
    if (share === 1) return;
    outputs.forEach((output, i) => {
      onnx.node('Mul', [own[i] as string, onnx.floats(share)], {}, { output });
    });
  };

export const normalisationLowerings = {
  batchStatistics: measuredShare(({ onnx, node, inputs: [x], outputs: [mean, variance] }) => {
    const axes = onnx.integers(others(node));
    const centre = onnx.node('ReduceMean', [x as string, axes], { keepdims: 1 });
    const centred = onnx.node('Sub', [x as string, centre]);
    const squares = onnx.node('Mul', [centred, centred]);
    onnx.node('ReduceMean', [squares, axes], { keepdims: 0 }, { output: variance as string });
    onnx.node('Reshape', [centre, onnx.integers([-1])], {}, { output: mean as string });
  }),

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
