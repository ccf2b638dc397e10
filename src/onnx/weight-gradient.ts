/**
 * The gradient of a convolution by its weight as one product of matrices, without unfolding all taps of the kernel.
 *
 * dweight[o, c, ky, kx] = Σ dy[o, h, w] · x[c, h + ky, w + kx]. Shifting x by kx along the width and dy by −ky along the height gives
 * height + width copies instead of height · width, and (ky, o) × (kx, c) is a product over pixels. With a stride the shifts of dy do
 * not meet x's pixels, and all taps are unfolded from x.
 */
import type { ConvAttributes, Pair } from '../ir/index.ts';
import { sizeOf } from '../tensor/index.ts';
import type { OnnxBuilder } from './builder.ts';
import { type ImageShape, imageShape, type LoweringContext } from './lowering.ts';

type Attributes = ConvAttributes & { readonly kernel: Pair };

/** How an engine multiplies batches of a [B, m, L] and b [B, n, L] to a · bᵀ [B, m, n]. */
export type BatchedProduct = (onnx: OnnxBuilder, a: string, b: string) => string;

/** Copies of an image tensor for some taps of the kernel, [B, taps · channels, pixels] or [taps · channels, pixels]. */
interface Taps {
  readonly names: readonly string[];
  readonly channels: number;
}

/** Writes `conv2dWeightGradient` in the layout that moves fewer bytes. */
export function weightGradient(context: LoweringContext, product: BatchedProduct): void {
  const { onnx, node, inputs, outputs } = context;
  const attributes = node.attributes as Attributes;
  const { kernel, groups } = attributes;
  const [batch, inputChannels] = imageShape(node, 0);
  const [, outputChannels, , outputWidth] = imageShape(node, 1);
  const [c, o] = [inputChannels / groups, outputChannels / groups];
  const separable = isSeparable(attributes);
  const pixels = separable ? imageShape(node, 0)[2] * outputWidth : imageShape(node, 1)[2] * outputWidth;

  // one product for each image is quick while its result is small; else all images' pixels become one long sum
  const resultSize = kernel[0] * o * kernel[1] * c;
  const gathered = groups === 1 && resultSize > (pixels * (o + c)) / 2;
  const arrange = (name: string, shape: ImageShape): string => {
    if (gathered) return onnx.node('Transpose', [name], { perm: [1, 0, 2, 3] });
    return groups === 1
      ? name
      : onnx.node('Reshape', [name, onnx.integers([batch * groups, shape[1] / groups, ...shape.slice(2)])]);
  };
  const join = ({ names, channels }: Taps): string => {
    const joined = names.length === 1 ? (names[0] as string) : onnx.node('Concat', names, { axis: gathered ? 0 : 1 });
    const rows = names.length * channels;
    return onnx.node('Reshape', [
      joined,
      onnx.integers(gathered ? [rows, batch * pixels] : [batch * groups, rows, pixels]),
    ]);
  };
  const x = arrange(inputs[0] as string, imageShape(node, 0));
  const dy = arrange(inputs[1] as string, imageShape(node, 1));
  const a = join({
    names: separable ? shiftsOfCotangent(onnx, dy, imageShape(node, 0)[2], attributes) : [dy],
    channels: o,
  });
  const b = join({
    names: separable
      ? shiftsOfImage(onnx, x, outputWidth, attributes)
      : unfold(onnx, x, imageShape(node, 1), attributes),
    channels: c,
  });

  const sum = gathered
    ? onnx.node('Gemm', [a, b], { transB: 1 })
    : sumOfImages(onnx, product(onnx, a, b), [batch, groups, resultSize]);
  // (ky, o) × (kx, c), or o × (ky, kx, c), for each group
  const parts = separable ? [groups, kernel[0], o, kernel[1], c] : [groups, o, kernel[0], kernel[1], c];
  const order = separable ? [0, 2, 4, 1, 3] : [0, 1, 4, 2, 3];
  const apart = onnx.node('Reshape', [sum, onnx.integers(parts)]);
  const turned = sizeOf(kernel) === 1 ? apart : onnx.node('Transpose', [apart], { perm: order });
  onnx.nodeTo(outputs, 'Reshape', [turned, onnx.integers(node.outputs[0]?.type.shape ?? [])]);
}

/** A stride of 1, and no more padding than the kernel reaches. */
function isSeparable({ stride, padding, dilation, kernel }: Attributes): boolean {
  return [0, 1].every(
    (i) => stride[i] === 1 && (padding[i] as number) <= (dilation[i] as number) * ((kernel[i] as number) - 1),
  );
}

function sumOfImages(onnx: OnnxBuilder, products: string, [batch, groups, size]: [number, number, number]): string {
  const perImage = onnx.node('Reshape', [products, onnx.integers([batch, groups * size])]);
  return onnx.node('ReduceSum', [perImage, onnx.integers([0])], { keepdims: 0 });
}

/** x as each column of the kernel sees it. */
function shiftsOfImage(
  onnx: OnnxBuilder,
  x: string,
  outputWidth: number,
  { kernel, padding, dilation }: Attributes,
): string[] {
  const framed =
    padding[1] === 0 ? x : onnx.node('Pad', [x, onnx.integers([0, 0, 0, padding[1], 0, 0, 0, padding[1]])]);
  return cuts(onnx, framed, kernel[1], (kx) => kx * dilation[1], outputWidth, 3);
}

/** dy as each row of the kernel sends it back, on the rows of x. */
function shiftsOfCotangent(
  onnx: OnnxBuilder,
  dy: string,
  inputHeight: number,
  { kernel, padding, dilation }: Attributes,
): string[] {
  const reach = dilation[0] * (kernel[0] - 1);
  const frame = reach - padding[0];
  const framed = frame === 0 ? dy : onnx.node('Pad', [dy, onnx.integers([0, 0, frame, 0, 0, 0, frame, 0])]);
  return cuts(onnx, framed, kernel[0], (ky) => reach - ky * dilation[0], inputHeight, 2);
}

/** `count` pieces of `length` along one axis. */
function cuts(
  onnx: OnnxBuilder,
  x: string,
  count: number,
  start: (tap: number) => number,
  length: number,
  axis: number,
): string[] {
  if (count === 1) return [x];
  return Array.from({ length: count }, (_, tap) =>
    onnx.node('Slice', [x, onnx.integers([start(tap)]), onnx.integers([start(tap) + length]), onnx.integers([axis])]),
  );
}

/** x as each tap of the kernel sees it. */
function unfold(onnx: OnnxBuilder, x: string, output: ImageShape, attributes: Attributes): string[] {
  const { kernel, stride, padding, dilation } = attributes;
  const framed = padding.every((p) => p === 0)
    ? x
    : onnx.node('Pad', [x, onnx.integers([0, 0, ...padding, 0, 0, ...padding])]);
  const taps: string[] = [];
  for (let ky = 0; ky < kernel[0]; ky++)
    for (let kx = 0; kx < kernel[1]; kx++) {
      const start = [ky * dilation[0], kx * dilation[1]] as const;
      const stop = [start[0] + (output[2] - 1) * stride[0] + 1, start[1] + (output[3] - 1) * stride[1] + 1];
      taps.push(onnx.node('Slice', [framed, ...[start, stop, [2, 3], stride].map((n) => onnx.integers(n))]));
    }
  return taps;
}
