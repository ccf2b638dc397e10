/** ONNX for convolution and its gradients. */
import type { ConvAttributes, Pair } from '../ir/index.ts';
import type { OnnxBuilder } from './builder.ts';
import { type ImageShape, imageShape, type LoweringContext, type OnnxLowerings } from './lowering.ts';

const isPointwise = (kernel: Pair, { stride, padding }: ConvAttributes) =>
  kernel.every((extent) => extent === 1) && stride.every((s) => s === 1) && padding.every((p) => p === 0);

const window = ({ stride, padding, dilation, groups }: ConvAttributes) => ({
  strides: stride,
  pads: [...padding, ...padding],
  dilations: dilation,
  group: groups,
});

/** The weight as a convolution from outputs to inputs needs it: [O, C, …] to [C, O, …], turned by 180°. */
export function turnedWeight(onnx: OnnxBuilder, weight: string, kernel: Pair): string {
  const swapped = onnx.node('Transpose', [weight], { perm: [1, 0, 2, 3] });
  if (kernel.every((extent) => extent === 1)) return swapped;
  return onnx.node('Slice', [
    swapped,
    onnx.integers([kernel[0] - 1, kernel[1] - 1]),
    onnx.integers([-kernel[0] - 1, -kernel[1] - 1]),
    onnx.integers([2, 3]),
    onnx.integers([-1, -1]),
  ]);
}

/**
 * The pixels that each tap of the kernel sees, tap by tap: x [N, C, H, W] to [N · groups, taps · C / groups, h · w]. The groups join
 * the batch, because a product of matrices treats both alike.
 */
export function unfold(
  onnx: OnnxBuilder,
  x: string,
  shape: ImageShape,
  kernel: Pair,
  output: Pair,
  attributes: ConvAttributes,
): string {
  const { stride, padding, dilation, groups } = attributes;
  const [batch, channels, height, width] = shape;
  const columns = onnx.integers([batch * groups, (kernel[0] * kernel[1] * channels) / groups, output[0] * output[1]]);
  if (isPointwise(kernel, attributes)) return onnx.node('Reshape', [x, columns]);
  const grouped =
    groups === 1 ? x : onnx.node('Reshape', [x, onnx.integers([batch * groups, channels / groups, height, width])]);
  const framed = padding.some((p) => p > 0)
    ? onnx.node('Pad', [grouped, onnx.integers([0, 0, ...padding, 0, 0, ...padding])])
    : grouped;
  const taps: string[] = [];
  for (let ky = 0; ky < kernel[0]; ky++)
    for (let kx = 0; kx < kernel[1]; kx++) {
      const start = [ky * dilation[0], kx * dilation[1]] as const;
      const stop = [0, 1].map((i) => (start[i] as number) + ((output[i] as number) - 1) * (stride[i] as number) + 1);
      taps.push(
        onnx.node('Slice', [
          framed,
          onnx.integers(start),
          onnx.integers(stop),
          onnx.integers([2, 3]),
          onnx.integers(stride),
        ]),
      );
    }
  const joined = taps.length === 1 ? (taps[0] as string) : onnx.node('Concat', taps, { axis: 1 });
  return onnx.node('Reshape', [joined, columns]);
}

/** [O, taps · C] with the taps outside becomes [O, C, kernelH, kernelW]. */
export function foldedWeight({ onnx, outputs: [dweight] }: LoweringContext, rows: string, shape: ImageShape): void {
  const [outputs, perGroup, height, width] = shape;
  if (height * width === 1) {
    onnx.node('Reshape', [rows, onnx.integers(shape)], {}, { output: dweight as string });
    return;
  }
  const taps = onnx.node('Reshape', [rows, onnx.integers([outputs, height, width, perGroup])]);
  onnx.node('Transpose', [taps], { perm: [0, 3, 1, 2] }, { output: dweight as string });
}

export const convolutionLowerings = {
  conv2d: ({ onnx, node, inputs, outputs }) => onnx.nodeTo(outputs, 'Conv', inputs, window(node.attributes)),

  conv2dInputGradient: ({ onnx, node, inputs: [dy, weight], outputs: [dx] }) => {
    const attributes = node.attributes as ConvAttributes & { readonly size: Pair };
    const { stride, padding, dilation, groups, size } = attributes;
    const [, , kernelHeight, kernelWidth] = imageShape(node, 1);
    const kernel: Pair = [kernelHeight, kernelWidth];
    const reach = [0, 1].map((i) => (dilation[i] as number) * ((kernel[i] as number) - 1));
    const around = reach.map((r, i) => r - (padding[i] as number));
    if (groups === 1 && stride.every((s) => s === 1) && around.every((n) => n >= 0)) {
      const turned = turnedWeight(onnx, weight as string, kernel);
      const backwards = window({ ...attributes, padding: around as [number, number] });
      onnx.node('Conv', [dy as string, turned], backwards, { output: dx as string });
      return;
    }
    const [, , height, width] = imageShape(node, 0);
    const missing = [height, width].map(
      (extent, i) =>
        (size[i] as number) -
        ((extent - 1) * (stride[i] as number) + (reach[i] as number) + 1 - 2 * (padding[i] as number)),
    );
    onnx.node(
      'ConvTranspose',
      [dy as string, weight as string],
      { ...window(attributes), output_padding: missing },
      { output: dx as string },
    );
  },

  conv2dWeightGradient: (context) => {
    const {
      onnx,
      node,
      inputs: [x, dy],
    } = context;
    const attributes = node.attributes as ConvAttributes & { readonly kernel: Pair };
    const [batch, outputs, height, width] = imageShape(node, 1);
    const columns = unfold(onnx, x as string, imageShape(node, 0), attributes.kernel, [height, width], attributes);
    const { groups } = attributes;
    const rows = onnx.node('Reshape', [
      dy as string,
      onnx.integers([batch * groups, outputs / groups, height * width]),
    ]);
    const products = onnx.node('MatMul', [rows, onnx.node('Transpose', [columns], { perm: [0, 2, 1] })]);
    const shape = node.outputs[0]?.type.shape as ImageShape;
    const perImage = onnx.node('Reshape', [products, onnx.integers([batch, outputs, shape[1] * shape[2] * shape[3]])]);
    foldedWeight(context, onnx.node('ReduceSum', [perImage, onnx.integers([0])], { keepdims: 0 }), shape);
  },
} satisfies Partial<OnnxLowerings>;
