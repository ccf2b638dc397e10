/**
 * Batch norm's parts, row by row as products of matrices. Sums are taken of what is left when the mean is taken off first: where the mean
 * is far above the deviation, Σ dy x − mean Σ dy is the difference of two large numbers, and float32 has no digits left for it.
 */
import type { Node } from '../../ir/index.ts';
import { inputShape, measuredShare, type OnnxBuilder, type OnnxLowerings } from '../../onnx/index.ts';

const own = { domain: 'com.microsoft' };

export const normalisationLowerings = {
  batchStatistics: measuredShare(({ onnx, node, inputs: [x], outputs: [mean, variance] }) => {
    const [batch, channels, area] = extentsOf(node);
    const share = onnx.floats(1 / (batch * area));
    const meanOf = (rows: string, output?: string) =>
      onnx.node(
        'Mul',
        [overBatch(onnx, sumOfPlanes(onnx, rows), batch, channels), share],
        {},
        output ? { output } : {},
      );
    // sums of large numbers lose digits; what is left of them is small
    const near = meanOf(planes(onnx, x as string, batch * channels, area));
    const rest = centred(onnx, node, x as string, near, onnx.integers([batch, channels, area]));
    const flat = planes(onnx, rest, batch * channels, area);
    const left = meanOf(flat);
    onnx.node('Add', [near, left], {}, { output: mean as string });
    const squares = overBatch(onnx, dots(onnx, flat, flat), batch, channels);
    onnx.node('Mul', [squares, share], {}, { output: variance as string });
  }),

  normaliseSums: ({ onnx, node, inputs: [x, mean, dy], outputs: [plain, sums] }) => {
    const [batch, channels, area] = extentsOf(node);
    const right = planes(onnx, dy as string, batch * channels, area);
    overBatch(onnx, sumOfPlanes(onnx, right), batch, channels, plain);
    const extents = afterwards(onnx, [batch, channels, area], dy as string);
    const rest = centred(onnx, node, x as string, mean as string, extents);
    overBatch(onnx, dots(onnx, planes(onnx, rest, batch * channels, area), right), batch, channels, sums);
  },
} satisfies Partial<OnnxLowerings>;

function extentsOf(node: Node): [batch: number, channels: number, area: number] {
  const [batch = 1, channels = 1, ...rest] = inputShape(node, 0);
  return [batch, channels, rest.reduce((product, extent) => product * extent, 1)];
}

/** x − mean, [batch, channels, area] as `extents` says. */
function centred(onnx: OnnxBuilder, node: Node, x: string, mean: string, extents: string): string {
  const column = onnx.node('Reshape', [mean, onnx.integers([1, extentsOf(node)[1], 1])]);
  return onnx.node('Sub', [onnx.node('Reshape', [x, extents]), column]);
}

/** `extents` that are only known when `signal` is, so that what they shape is not made long before, and kept. */
function afterwards(onnx: OnnxBuilder, extents: readonly number[], signal: string): string {
  const zero = onnx.node('Mul', [onnx.node('Shape', [signal], { start: 0, end: 1 }), onnx.integers([0])]);
  return onnx.node('Add', [zero, onnx.integers(extents)]);
}

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
