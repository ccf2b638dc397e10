/**
 * Batch norm's parts, row by row as products of matrices. Sums are taken of what is left when the mean is taken off first: where the mean
 * is far above the deviation, Σ dy x − mean Σ dy is the difference of two large numbers, and float32 has no digits left for it.
 */
import type { Graph, Node, Value } from '../../ir/index.ts';
import { inputShape, type OnnxBuilder, type OnnxLowerings, portableLowerings } from '../../onnx/index.ts';

const own = { domain: 'com.microsoft' };

/** What is left of x when its mean is taken off as float32 sums find it, and the mean of that, which is near 0: names in a model. */
interface Difference {
  readonly rest: string;
  readonly mean: string;
}

/** By x, where nothing reads x itself later: what is left then takes its place in memory. */
const differences = new WeakMap<OnnxBuilder, Map<Value, Difference>>();

export const normalisationLowerings = {
  batchStatistics: ({ onnx, node, inputs: [x], outputs: [mean, variance] }) => {
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
    if (!standsIn(node)) return;
    const known = differences.get(onnx) ?? new Map<Value, Difference>();
    differences.set(onnx, known.set(node.inputs[0] as Value, { rest, mean: left }));
  },

  normalise: (context) => {
    const { onnx, node, inputs } = context;
    const [, , ...rest] = inputs;
    const difference = differenceOf(onnx, node);
    if (difference === undefined) {
      portableLowerings.normalise(context);
      return;
    }
    const x = onnx.node('Reshape', [difference.rest, onnx.integers(inputShape(node, 0))]);
    portableLowerings.normalise({ ...context, inputs: [x, difference.mean, ...rest] });
  },

  normaliseSums: ({ onnx, node, inputs: [x, mean, dy], outputs: [plain, sums] }) => {
    const [batch, channels, area] = extentsOf(node);
    const right = planes(onnx, dy as string, batch * channels, area);
    overBatch(onnx, sumOfPlanes(onnx, right), batch, channels, plain);
    const difference = differenceOf(onnx, node);
    const sumOf = (left: string, output?: string) =>
      overBatch(onnx, dots(onnx, planes(onnx, left, batch * channels, area), right), batch, channels, output);
    if (difference === undefined) {
      const extents = afterwards(onnx, [batch, channels, area], dy as string);
      sumOf(centred(onnx, node, x as string, mean as string, extents), sums);
      return;
    }
    const shift = onnx.node('Mul', [difference.mean, plain as string]);
    onnx.node('Sub', [sumOf(difference.rest), shift], {}, { output: sums as string });
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

/** What was kept of x for a node whose first inputs are x and the mean that was measured of it. */
function differenceOf(onnx: OnnxBuilder, { inputs: [x, mean] }: Node): Difference | undefined {
  const source = mean?.source;
  const isOwn = source?.kind === 'node' && source.node.op.name === 'batchStatistics' && source.node.inputs[0] === x;
  return isOwn && source.index === 0 ? differences.get(onnx)?.get(x as Value) : undefined;
}

/** Whether x − mean can stand in for x from here on: the gradients of batch norm are the last to read it. */
function standsIn({ inputs: [x], outputs: [mean] }: Node): boolean {
  const readers = readersIn((x as Value).graph).get(x as Value) ?? [];
  const isOurs = ({ inputs }: Node) => inputs[0] === x && inputs[1] === mean;
  const last = readers.at(-1);
  return last !== undefined && isOurs(last);
}

const known = new WeakMap<Graph, ReadonlyMap<Value, readonly Node[]>>();

/** The nodes that read each value, in order. A graph is finished when it is lowered. */
function readersIn(graph: Graph): ReadonlyMap<Value, readonly Node[]> {
  const before = known.get(graph);
  if (before) return before;
  const readers = new Map<Value, Node[]>();
  for (const node of graph.nodes)
    for (const input of new Set(node.inputs)) readers.set(input, [...(readers.get(input) ?? []), node]);
  known.set(graph, readers);
  return readers;
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
