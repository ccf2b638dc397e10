/** Where ONNX Runtime on a CPU has something faster than the portable operators. */
import type { ConvAttributes, Pair } from '../../ir/index.ts';
import {
  foldedWeight,
  type ImageShape,
  imageShape,
  type OnnxLowerings,
  portableLowerings,
  unfold,
} from '../../onnx/index.ts';

export const onnxruntimeLowerings: OnnxLowerings = {
  ...portableLowerings,

  // FusedMatMul reads its second operand transposed, where MatMul needs a transposed copy
  conv2dWeightGradient: (context) => {
    const { onnx, node, inputs } = context;
    const [x, dy] = inputs as [string, string];
    const attributes = node.attributes as ConvAttributes & { readonly kernel: Pair };
    const [batch, outputs, height, width] = imageShape(node, 1);
    const columns = unfold(onnx, x, imageShape(node, 0), attributes.kernel, [height, width], attributes);
    const { groups } = attributes;
    const rows = onnx.node('Reshape', [dy, onnx.integers([batch * groups, outputs / groups, height * width])]);
    const products = onnx.node('FusedMatMul', [rows, columns], { transB: 1 }, { domain: 'com.microsoft' });
    const shape = node.outputs[0]?.type.shape as ImageShape;
    const perImage = onnx.node('Reshape', [products, onnx.integers([batch, outputs, shape[1] * shape[2] * shape[3]])]);
    foldedWeight(context, onnx.node('ReduceSum', [perImage, onnx.integers([0])], { keepdims: 0 }), shape);
  },
};
