/** ONNX for convolution and its gradients, from two building blocks that an engine may have faster ones for. */
import type { ConvAttributes, Pair } from '../ir/index.ts';
import type { OnnxBuilder } from './builder.ts';
import { imageShape, type OnnxLowerings } from './lowering.ts';
import { type BatchedProduct, weightGradient } from './weight-gradient.ts';

/** One convolution of an image by a weight that is known only when the graph runs. */
export interface Convolution extends ConvAttributes {
  /** Of the image, [N, C, H, W]. */
  readonly channels: number;
  /** Of the weight, [O, C / groups, ...kernel]. */
  readonly outputs: number;
  readonly kernel: Pair;
}

export interface ConvolutionBlocks {
  /** Writes a convolution whose result is called `output`. */
  readonly convolve: (onnx: OnnxBuilder, x: string, weight: string, what: Convolution, output: string) => void;
  readonly product: BatchedProduct;
}

export type ConvolutionLowerings = Pick<OnnxLowerings, 'conv2d' | 'conv2dInputGradient' | 'conv2dWeightGradient'>;

/** A convolution's window as attributes of an ONNX node. */
export const windowAttributes = ({ stride, padding, dilation, groups }: ConvAttributes) => ({
  strides: stride,
  pads: [...padding, ...padding],
  dilations: dilation,
  group: groups,
});

/** The operator that means just this. */
export const plainConvolution: ConvolutionBlocks['convolve'] = (onnx, x, weight, what, output) => {
  onnx.node('Conv', [x, weight], windowAttributes(what), { output });
};

/** MatMul wants its second operand transposed. */
export const plainProduct: BatchedProduct = (onnx, a, b) =>
  onnx.node('MatMul', [a, onnx.node('Transpose', [b], { perm: [0, 2, 1] })]);

export function convolutionLowerings({ convolve, product }: ConvolutionBlocks): ConvolutionLowerings {
  return {
    conv2d: ({ onnx, node, inputs: [x, weight], outputs: [y] }) => {
      const [, channels] = imageShape(node, 0);
      const [outputs, , ...kernel] = imageShape(node, 1);
      convolve(onnx, x as string, weight as string, { ...node.attributes, channels, outputs, kernel }, y as string);
    },

    conv2dInputGradient: ({ onnx, node, inputs: [dy, weight], outputs: [dx] }) => {
      const attributes = node.attributes as ConvAttributes & { readonly size: Pair };
      const { stride, padding, dilation, groups } = attributes;
      const [outputs, channels, ...kernel] = imageShape(node, 1);
      const around = [0, 1].map((i) => reach(dilation, kernel, i) - (padding[i] as number)) as [number, number];
      if (groups === 1 && stride.every((s) => s === 1) && around.every((n) => n >= 0)) {
        const turned = turnedWeight(onnx, weight as string, kernel);
        const backwards = { ...attributes, padding: around, channels: outputs, outputs: channels, kernel };
        convolve(onnx, dy as string, turned, backwards, dx as string);
        return;
      }
      const extras = {
        ...windowAttributes(attributes),
        output_padding: outputPadding(attributes, kernel, imageShape(node, 0)),
      };
      onnx.node('ConvTranspose', [dy as string, weight as string], extras, { output: dx as string });
    },

    conv2dWeightGradient: (context) => weightGradient(context, product),
  };
}

/** Pixels from a kernel's first tap to its last. */
const reach = (dilation: Pair, kernel: Pair, i: number) => (dilation[i] as number) * ((kernel[i] as number) - 1);

/** The weight as a convolution from outputs to inputs needs it: [O, C, …] to [C, O, …], turned by 180°. */
function turnedWeight(onnx: OnnxBuilder, weight: string, kernel: Pair): string {
  const swapped = onnx.node('Transpose', [weight], { perm: [1, 0, 2, 3] });
  if (kernel.every((extent) => extent === 1)) return swapped;
  const starts = kernel.map((extent) => extent - 1);
  const stops = kernel.map((extent) => -extent - 1);
  return onnx.node('Slice', [swapped, ...[starts, stops, [2, 3], [-1, -1]].map((n) => onnx.integers(n))]);
}

/** Rows and columns at the end of x that a stride left unseen. */
function outputPadding(
  { stride, padding, dilation, size }: ConvAttributes & { readonly size: Pair },
  kernel: Pair,
  dy: readonly number[],
): number[] {
  return [0, 1].map((i) => {
    const seen =
      ((dy[i + 2] as number) - 1) * (stride[i] as number) + reach(dilation, kernel, i) + 1 - 2 * (padding[i] as number);
    return (size[i] as number) - seen;
  });
}
