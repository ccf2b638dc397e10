/** Joining, cutting and padding: of channels, and of pixels where that is a pooling. */
import type { Node, Value } from '../../../ir/index.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { Assembly } from '../compile/assembly.ts';
import { selection } from '../compile/select-channels.ts';
import type { Layout } from '../library/index.ts';
import { join } from './joins.ts';
import { type Kernel, type Kernels, noPadding } from './kernel.ts';
import { loops } from './loops.ts';
import { backwardAverage, forward } from './pooling.ts';
import { moveVectors } from './vectors.ts';

const concat: Kernel = (assembly, node) => {
  const [y] = node.outputs as [Value];
  const [first] = node.inputs as [Value];
  if (moveVectors(assembly, node)) return;
  if (y.type.dtype !== 'float32' || sizeOf(y.type.shape) < 256) {
    loops(assembly, node);
    return;
  }
  if (assembly.stacks.planned(y) !== undefined) {
    const parts = node.inputs.map((value) => ({ value, channels: value.type.shape[1] as number }));
    join(assembly, { parts, joined: y });
    return;
  }
  const { format, dataType } = assembly.read(first).layout;
  const sources = node.inputs.map((x) => assembly.readAs(x, assembly.layout(x.type.shape, format, dataType)));
  const dst = assembly.layout(y.type.shape, format, dataType);
  const primitive = assembly.create({
    kind: 'concat',
    axis: node.attributes.axis,
    sources: sources.map(({ layout }) => layout),
    dst,
  });
  const reads = Object.fromEntries(sources.map((source, i) => [`source${i}`, source] as const));
  assembly.primitive(primitive, reads, { dst: assembly.write(y, dst) });
};

interface Slice {
  readonly starts: readonly number[];
  readonly stops: readonly number[];
  readonly axes: readonly number[];
  readonly steps: readonly number[];
}

/** Every n-th pixel of whole maps, from the first on: the mean under windows of one pixel. */
function subsampling({ inputs, attributes }: Node): [number, number] | undefined {
  const { starts, stops, axes, steps } = attributes as Slice;
  const { shape } = (inputs[0] as Value).type;
  const isWhole = axes.every((axis, i) => axis >= 2 && starts[i] === 0 && stops[i] === shape[axis]);
  if (shape.length !== 4 || !isWhole || steps.every((step) => step === 1)) return undefined;
  return [2, 3].map((axis) => steps[axes.indexOf(axis)] ?? 1) as [number, number];
}

const slice: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  const strides = subsampling(node);
  if (strides) {
    const what = { algorithm: 'averageIncludePadding', kernel: [1, 1], strides, padding: noPadding } as const;
    forward(assembly, what, x, y, 'forwardInference');
  } else if (!(moveVectors(assembly, node) || cutChannels(assembly, node))) loops(assembly, node);
};

/** By a convolution with a piece of an identity; whole blocks need no copy, see joins.ts. */
function cutChannels(assembly: Assembly, node: Node): boolean {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  const { starts, stops, axes, steps } = node.attributes as Slice;
  const others = axes.filter((axis, i) => axis !== 1 && !(starts[i] === 0 && stops[i] === x.type.shape[axis]));
  const start = starts[axes.indexOf(1)];
  const isCut = x.type.shape.length === 4 && others.length === 0 && steps.every((step) => step === 1);
  if (!isCut || start === undefined) return false;
  const channels = x.type.shape[1] as number;
  if (channels > fewChannels) return false;
  mapChannels(assembly, x, y, (channel) => channel + start);
  return true;
}

/** Up to so many channels a matrix of zeros and ones costs nothing beside the copy. */
const fewChannels = 256;

/** Pixels set apart: the gradient of subsampling. Channels in front and behind: a convolution by a shifted identity. */
const pad: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  const { before, after, between } = node.attributes as Record<'before' | 'after' | 'between', readonly number[]>;
  if (x.type.shape.length !== 4) {
    if (!moveVectors(assembly, node)) loops(assembly, node);
    return;
  }
  const onlyBetween = before.every((n) => n === 0) && between.slice(0, 2).every((n) => n === 0);
  const strides = between.slice(2).map((n) => n + 1);
  // pixels behind the last one that a window of the stride does not reach are padding of another kind
  const fits = after.slice(0, 2).every((n) => n === 0) && after.slice(2).every((n, i) => n < (strides[i] as number));
  if (onlyBetween && fits && strides.some((n) => n > 1)) {
    backwardAverage(assembly, { kernel: [1, 1], strides, padding: noPadding }, x, y);
    return;
  }
  const onlyChannels = [...before, ...after].every((n, i) => n === 0 || i % 4 === 1) && between.every((n) => n === 0);
  if (onlyChannels && (y.type.shape[1] as number) <= fewChannels)
    mapChannels(assembly, x, y, (channel) => channel - (before[1] as number));
  else loops(assembly, node);
};

/** Each channel of y is one of x or, where there is none, zeros. */
function mapChannels(assembly: Assembly, x: Value, y: Value, from: (channel: number) => number): void {
  const [channels, wide] = [x.type.shape[1] as number, y.type.shape[1] as number];
  const dims = [wide, channels, 1, 1];
  const primitive = assembly.createIn(assembly.typeOf(x), (type) => ({
    kind: 'convolution',
    pass: 'forwardInference',
    strides: [1, 1],
    padding: noPadding,
    src: assembly.any(x, type),
    weights: assembly.library.layout(dims, type, 'any'),
    dst: assembly.any(y, type),
  }));
  const layout = (name: 'src' | 'weights' | 'dst') => primitive.layout(name) as Layout;
  const weights = assembly.constantIn(
    layout('weights'),
    assembly.constant(assembly.layout(dims), selection(wide, channels, from)),
  );
  assembly.primitive(
    primitive,
    { src: assembly.readAs(x, layout('src')), weights },
    { dst: assembly.write(y, layout('dst')) },
  );
}

export const channelKernels: Pick<Kernels, 'concat' | 'slice' | 'pad'> = { concat, slice, pad };
