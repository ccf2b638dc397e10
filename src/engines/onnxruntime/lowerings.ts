/** Where ONNX Runtime on a CPU has something faster than the portable operators. */

import {
  convolutionLowerings,
  inputShape,
  type OnnxBuilder,
  type OnnxLowerings,
  plainConvolution,
  portableLowerings,
} from '../../onnx/index.ts';
import { zeros } from '../../tensor/index.ts';
import { blockedConvolution, gainsByBlocks } from './blocked-convolution.ts';

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

  batchStatistics: ({ onnx, node, inputs: [x], outputs: [mean, variance] }) => {
    const [batch = 1, channels = 1, ...rest] = inputShape(node, 0);
    const area = rest.reduce((product, extent) => product * extent, 1);
    const view = planes(onnx, x as string, batch * channels, area);
    const share = onnx.floats(1 / (batch * area));
    onnx.node(
      'Mul',
      [overBatch(onnx, sumOfPlanes(onnx, view), batch, channels), share],
      {},
      { output: mean as string },
    );
    const centre = onnx.node('Reshape', [mean as string, onnx.integers([1, channels, 1])]);
    const centred = onnx.node('Sub', [
      onnx.node('Reshape', [x as string, onnx.integers([batch, channels, area])]),
      centre,
    ]);
    const flat = planes(onnx, centred, batch * channels, area);
    const squares = overBatch(onnx, dots(onnx, flat, flat), batch, channels);
    onnx.node('Mul', [squares, share], {}, { output: variance as string });
  },

  // Σ dy (x − mean) = Σ dy x − mean Σ dy
  normaliseSums: ({ onnx, node, inputs: [x, mean, dy], outputs: [plain, centred] }) => {
    const [batch = 1, channels = 1, ...rest] = inputShape(node, 0);
    const area = rest.reduce((product, extent) => product * extent, 1);
    const [left, right] = [x, dy].map((name) => planes(onnx, name as string, batch * channels, area)) as [
      string,
      string,
    ];
    onnx.node(
      'Identity',
      [overBatch(onnx, sumOfPlanes(onnx, right), batch, channels)],
      {},
      { output: plain as string },
    );
    const raw = overBatch(onnx, dots(onnx, left, right), batch, channels);
    const shift = onnx.node('Mul', [mean as string, plain as string]);
    onnx.node('Sub', [raw, shift], {}, { output: centred as string });
  },
};

/** Each channel of each image as a row of pixels. */
const planes = (onnx: OnnxBuilder, x: string, count: number, area: number) =>
  onnx.node('Reshape', [x, onnx.integers([count, 1, area])]);

const sumOfPlanes = (onnx: OnnxBuilder, rows: string) =>
  onnx.node('ReduceSum', [rows, onnx.integers([2])], { keepdims: 0 });

/** Row by row Σ a · b: a product of matrices reads both once and writes nothing in between. */
const dots = (onnx: OnnxBuilder, a: string, b: string) => onnx.node('FusedMatMul', [a, b], { transB: 1 }, own);

function overBatch(
  onnx: OnnxBuilder,
  perPlane: string,
  batch: number,
  channels: number,
  output = onnx.fresh('perChannel'),
): string {
  const apart = onnx.node('Reshape', [perPlane, onnx.integers([batch, channels])]);
  return onnx.node('ReduceSum', [apart, onnx.integers([0])], { keepdims: 0 }, { output });
}

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
