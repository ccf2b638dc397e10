/**
 * Convolution in ONNX Runtime's blocked layout, where channels stand in blocks as wide as the processor's vectors. The library uses
 * it by itself only for constant weights; its internal operators also take weights that change, about twice as fast as plain ones.
 */
import { type Convolution, type OnnxBuilder, windowAttributes } from '../../onnx/index.ts';

const nchwc = { domain: 'com.microsoft.nchwc' };

/** Whether the blocked operators can do it, and gain by it: a 1×1 kernel is a plain product of matrices already. */
export function gainsByBlocks({ channels, kernel, groups }: Convolution, block: number): boolean {
  return block > 0 && groups === 1 && (channels < block || channels % 4 === 0) && kernel[0] * kernel[1] > 1;
}

/** Writes a convolution of one group; `block` is the number of channels in a block. */
export function blockedConvolution(
  onnx: OnnxBuilder,
  x: string,
  weight: string,
  what: Convolution,
  output: string,
  block: number,
): void {
  const { channels, outputs, kernel } = what;
  const up = (n: number) => Math.ceil(n / block) * block;
  // fewer channels than a block are read as they are
  const plainInput = channels < block;
  const [wide, tall] = [plainInput ? channels : up(channels), up(outputs)];
  const missing = [tall - outputs, wide - channels] as const;
  const padded =
    missing[0] + missing[1] === 0 ? weight : onnx.node('Pad', [weight, onnx.integers([0, 0, 0, 0, ...missing, 0, 0])]);
  const split = plainInput ? [wide] : [wide / block, block];
  const apart = onnx.node('Reshape', [padded, onnx.integers([tall / block, block, ...split, ...kernel])]);
  const turned = onnx.node('Transpose', [apart], { perm: plainInput ? [0, 2, 3, 4, 1] : [0, 2, 4, 5, 3, 1] });
  const filter = onnx.node('Reshape', [turned, onnx.integers([tall, wide, ...kernel])]);
  const image = plainInput ? x : onnx.node('ReorderInput', [x], {}, nchwc);
  const y = onnx.node('Conv', [image, filter], { ...windowAttributes(what), kernel_shape: kernel }, nchwc);
  onnx.node('ReorderOutput', [y], { channels: outputs }, { ...nchwc, output });
}
