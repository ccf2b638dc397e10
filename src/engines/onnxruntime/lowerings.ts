/** Where ONNX Runtime on a CPU has something faster than the portable operators. */

import {
  convolutionLowerings,
  inputShape,
  type OnnxLowerings,
  plainConvolution,
  portableLowerings,
} from '../../onnx/index.ts';
import { zeros } from '../../tensor/index.ts';
import { blockedConvolution, gainsByBlocks } from './blocked-convolution.ts';
import { normalisationLowerings } from './normalisation.ts';

const own = { domain: 'com.microsoft' };

/** The lowerings for a processor whose blocked layout has `block` channels in a block; 0 for none. */
export function onnxruntimeLowerings(block: number): OnnxLowerings {
  const convolutions = convolutionLowerings({
    convolve: (onnx, x, weight, what, output) =>
      gainsByBlocks(what, block)
        ? blockedConvolution(onnx, x, weight, what, output, block)
        : plainConvolution(onnx, x, weight, what, output),
    // FusedMatMul reads its second operand transposed, where MatMul needs a transposed copy
    product: (onnx, a, b) => onnx.node('FusedMatMul', [a, b], { transB: 1 }, own),
  });
  return { ...portableLowerings, ...convolutions, ...faster };
}

const faster: Partial<OnnxLowerings> = {
  // Sign runs on one thread; scaled up, every normal positive number is at least 1
  reluGradient: ({ onnx, inputs: [y, dy], outputs }) => {
    const large = onnx.node('Mul', [y as string, onnx.floats(1e38)]);
    onnx.nodeTo(outputs, 'Mul', [dy as string, onnx.node('Clip', [large, onnx.floats(0), onnx.floats(1)])]);
  },

  ...normalisationLowerings,
};

/**
 * For programs whose weights are constant: plain operators, which the library's own optimiser turns into blocked ones, and nothing in
 * between that it would have to leave the blocked layout for.
 */
export const frozenLowerings: OnnxLowerings = {
  ...portableLowerings,
  // channels of zeros in front and behind: a 1×1 convolution by a shifted identity
  pad: (context) => {
    const { onnx, node, inputs, outputs } = context;
    const { before, after, between } = node.attributes as Record<'before' | 'after' | 'between', readonly number[]>;
    const [, channels = 0, ...rest] = inputShape(node, 0);
    const onlyChannels = [...before, ...after].every((n, i) => n === 0 || i % before.length === 1);
    if (rest.length !== 2 || !onlyChannels || between.some((n) => n !== 0)) {
      portableLowerings.pad(context);
      return;
    }
    const [front = 0, behind = 0] = [before[1], after[1]];
    const weight = zeros('float32', [front + channels + behind, channels, 1, 1]);
    for (let channel = 0; channel < channels; channel++) weight.data[(front + channel) * channels + channel] = 1;
    onnx.nodeTo(outputs, 'Conv', [inputs[0] as string, onnx.constant(weight)], { kernel_shape: [1, 1] });
  },
};
