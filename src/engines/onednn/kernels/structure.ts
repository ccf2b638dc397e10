/** Ops that move numbers: shapes, joining, cutting; sums over axes and products of matrices. */
import type { Node, Value } from '../../../ir/index.ts';
import { sameShape, sizeOf } from '../../../tensor/index.ts';
import type { Assembly } from '../compile/assembly.ts';
import { unfused } from '../compile/group-convolutions.ts';
import type { Stored } from '../compile/stored.ts';
import type { DataType, Layout } from '../library/index.ts';
import { type Kernel, type Kernels, rectifier } from './kernel.ts';
import { loops } from './loops.ts';
import { averageBackwards, backwardAverage, forward } from './pooling.ts';

/** The same memory; a blocked tensor is unfolded first. */
const view: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  if (sameShape(x.type.shape, y.type.shape)) assembly.alias(y, x);
  else assembly.place(y, assembly.readAs(x, assembly.plain(y)));
};

const concat: Kernel = (assembly, node) => {
  const [y] = node.outputs as [Value];
  const [first] = node.inputs as [Value];
  if (y.type.dtype !== 'float32' || sizeOf(y.type.shape) < 256) {
    loops(assembly, node);
    return;
  }
  if (stack(assembly, node)) return;
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

/** Parts one behind the other in memory; what the first one is made of stands there already. */
function stack(assembly: Assembly, { inputs, outputs }: Node): boolean {
  const [y] = outputs as [Value];
  const [first] = inputs as [Value];
  const channels = assembly.stacks.planned(y);
  if (channels === undefined) return false;
  const layout = assembly.stackedLayout(y, assembly.typeOf(first));
  const channelsOf = ({ type }: Value) => type.shape[1] as number;
  const bytesOfChannel = layout.bytes / channelsOf(y);
  const begun = assembly.stacks.of(first);
  const goesOn = begun?.channels === channelsOf(first) && assembly.typeOf(first) === layout.dataType;
  const { stretch } = begun && goesOn ? begun : { stretch: { bytes: channels * bytesOfChannel, isFixed: false } };
  let offset = 0;
  for (const x of inputs) {
    const room: Stored = { layout: assembly.stackedLayout(x, layout.dataType), stretch, offset, isStacked: true };
    if (!(goesOn && x === first)) assembly.copyStacked(x, room);
    offset += room.layout.bytes;
  }
  assembly.place(y, { layout, stretch, isStacked: true });
  assembly.stacks.keep(y, begun && goesOn ? begun : { stretch, channels });
  return true;
}

interface Slice {
  readonly starts: readonly number[];
  readonly stops: readonly number[];
  readonly axes: readonly number[];
  readonly steps: readonly number[];
}

/** Every so manyth pixel of whole maps, from the first on: the mean under windows of one pixel. */
function subsampling({ inputs, attributes }: Node): [number, number] | undefined {
  const { starts, stops, axes, steps } = attributes as Slice;
  const { shape } = (inputs[0] as Value).type;
  const isWhole = axes.every((axis, i) => axis >= 2 && starts[i] === 0 && stops[i] === shape[axis]);
  if (shape.length !== 4 || !isWhole || steps.every((step) => step === 1)) return undefined;
  return [2, 3].map((axis) => steps[axes.indexOf(axis)] ?? 1) as [number, number];
}

const nothing = { before: [0, 0], after: [0, 0] };

const slice: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  const strides = subsampling(node);
  if (strides) {
    const what = { algorithm: 'averageIncludePadding', kernel: [1, 1], strides, padding: nothing } as const;
    forward(assembly, what, x, y, 'forwardInference');
  } else if (!cutChannels(assembly, node)) loops(assembly, node);
};

/** Whole blocks of channels need no copy before somebody asks for one; others are taken by a convolution with a piece of an identity. */
function cutChannels(assembly: Assembly, node: Node): boolean {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  const { starts, stops, axes, steps } = node.attributes as Slice;
  const others = axes.filter((axis, i) => axis !== 1 && !(starts[i] === 0 && stops[i] === x.type.shape[axis]));
  const start = starts[axes.indexOf(1)];
  const isCut = x.type.shape.length === 4 && others.length === 0 && steps.every((step) => step === 1);
  if (!isCut || start === undefined) return false;
  const [channels, kept] = [x, y].map(({ type }) => type.shape[1]) as [number, number];
  const { block } = assembly;
  const stacked = assembly.stacked(x);
  if (stacked && start % block === 0 && kept % block === 0) {
    const { stretch, layout } = stacked;
    const offset = (stacked.offset ?? 0) + (start * layout.bytes) / channels;
    assembly.place(y, {
      layout: assembly.stackedLayout(y, layout.dataType),
      stretch,
      offset,
      isStacked: true,
      isCut: true,
    });
    return true;
  }
  const whole = assembly.part(x) ?? assembly.read(x);
  if (start % block === 0 && kept % block === 0 && whole.layout.format.startsWith(`aBcd${block}b`)) {
    const layout = assembly.library.part(whole.layout, y.type.shape, [0, start, 0, 0]);
    assembly.place(y, { ...whole, layout, isPart: true });
    return true;
  }
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
    loops(assembly, node);
    return;
  }
  const onlyBetween = before.every((n) => n === 0) && between.slice(0, 2).every((n) => n === 0);
  const strides = between.slice(2).map((n) => n + 1);
  // pixels behind the last one that a window of the stride does not reach are padding of another kind
  const fits = after.slice(0, 2).every((n) => n === 0) && after.slice(2).every((n, i) => n < (strides[i] as number));
  if (onlyBetween && fits && strides.some((n) => n > 1)) {
    backwardAverage(assembly, { kernel: [1, 1], strides, padding: nothing }, x, y);
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
  const choice = new Float32Array(wide * channels);
  for (let channel = 0; channel < wide; channel++) {
    const source = from(channel);
    if (source >= 0 && source < channels) choice[channel * channels + source] = 1;
  }
  const dims = [wide, channels, 1, 1];
  const primitive = assembly.createIn(assembly.typeOf(x), (type) => ({
    kind: 'convolution',
    pass: 'forwardInference',
    strides: [1, 1],
    padding: nothing,
    src: assembly.any(x, type),
    weights: assembly.library.layout(dims, type, 'any'),
    dst: assembly.any(y, type),
  }));
  const layout = (name: 'src' | 'weights' | 'dst') => primitive.layout(name) as Layout;
  const weights = assembly.constantIn(layout('weights'), assembly.constant(assembly.layout(dims), choice));
  assembly.primitive(
    primitive,
    { src: assembly.readAs(x, layout('src')), weights },
    { dst: assembly.write(y, layout('dst')) },
  );
}

/** Over all pixels of each map: a mean, times their number. */
const sum: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  const { axes, keepAxes } = node.attributes as { readonly axes: readonly number[]; readonly keepAxes: boolean };
  const { shape } = x.type;
  if (shape.length !== 4 || keepAxes || !sameShape(axes, [2, 3])) {
    loops(assembly, node);
    return;
  }
  const [batch, channels, ...kernel] = shape as [number, number, number, number];
  const src = assembly.read(x);
  const small = assembly.library.layout([batch, channels, 1, 1], src.layout.dataType, 'any');
  const primitive = assembly.create({
    kind: 'pooling',
    pass: 'forwardInference',
    algorithm: 'averageIncludePadding',
    kernel,
    strides: [1, 1],
    padding: nothing,
    src: src.layout,
    dst: small,
  });
  const means = assembly.temporary(primitive.layout('dst') as Layout);
  assembly.primitive(primitive, { src }, { dst: means });
  const plain = assembly.temporary(assembly.layout([batch, channels, 1, 1]));
  assembly.reorder(means, plain);
  const area = sizeOf(kernel);
  assembly.loop('sum', [plain], [assembly.write(y, assembly.plain(y))], ([from], [to]) => {
    from?.forEach((mean, i) => {
      (to as Float32Array)[i] = mean * area;
    });
  });
};

const matmul: Kernel = (assembly, node) => multiplyMatrices(assembly, unfused(node));

/** With a bias for each column and a rectifier. */
export function multiplyMatrices(
  assembly: Assembly,
  { product, bias, rectifies, y }: ReturnType<typeof unfused>,
): void {
  const [a, b] = product.inputs as [Value, Value];
  const { transposeA, transposeB } = product.attributes as {
    readonly transposeA: boolean;
    readonly transposeB: boolean;
  };
  const layout = ({ type: { shape } }: Value, turned: boolean, type: DataType) => {
    const [rows = 1, columns = 1] = shape;
    return turned
      ? assembly.library.layout([columns, rows], type, { strides: [1, columns] })
      : assembly.layout(shape, undefined, type);
  };
  const inner = a.type.shape[transposeA ? 0 : 1] as number;
  const type = sizeOf(y.type.shape) * inner < fewProducts ? 'f32' : assembly.mapType;
  const dst = assembly.plain(y);
  const row = assembly.layout([1, y.type.shape[1] as number]);
  const primitive = assembly.createIn(type, (type) => ({
    kind: 'matmul',
    src: layout(a, transposeA, type),
    weights: layout(b, transposeB, type),
    ...(bias && { bias: row }),
    dst,
    postOps: rectifies ? [rectifier] : [],
  }));
  const source = (value: Value, layout: Layout) => {
    const { stretch } = assembly.readAs(value, assembly.layout(value.type.shape, undefined, layout.dataType));
    return { layout, stretch };
  };
  const [src, weights] = [
    source(a, primitive.layout('src') as Layout),
    source(b, primitive.layout('weights') as Layout),
  ];
  assembly.primitive(
    primitive,
    { src, weights, ...(bias && { bias: assembly.readAs(bias, row) }) },
    { dst: assembly.write(y, dst) },
  );
}

/** Below, rounding the matrices to bfloat16 costs more than it saves. */
const fewProducts = 2 ** 22;

/** One number for all pixels of a map: the gradient of a mean, times their number. */
const broadcastTo: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  const [batch, channels, ...kernel] = y.type.shape as [number, number, number, number];
  if (y.type.shape.length !== 4 || !sameShape(x.type.shape, [batch, channels, 1, 1])) {
    loops(assembly, node);
    return;
  }
  const small = assembly.layout(x.type.shape, assembly.mapFormat(channels), assembly.mapType);
  const scaled = assembly.temporary(small);
  const { layout } = scaled;
  const src = assembly.readAs(x, layout);
  const times = assembly.create({
    kind: 'eltwise',
    pass: 'forwardInference',
    algorithm: 'linear',
    alpha: sizeOf(kernel),
    src: layout,
    dst: layout,
  });
  assembly.primitive(times, { src }, { dst: scaled });
  averageBackwards(assembly, { kernel, strides: [1, 1], padding: nothing }, scaled, y);
};

/** Numbers that one product of a row with itself takes: a longer one loses digits, since it adds one number after the other. */
const rowLength = 16384;

/** Rows times themselves: the library's reductions are slow, and so is its product of a row and a column. */
const sumOfSquares: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  if (sizeOf(x.type.shape) < 1024) {
    loops(assembly, node);
    return;
  }
  const flat = assembly.flat(assembly.readFloats(x));
  const [count] = flat.layout.dims as [number];
  const rows = Math.ceil(count / rowLength);
  const sums = assembly.temporary(assembly.layout([rows]));
  for (let row = 0; row < rows; row++) {
    const layout = assembly.layout([1, Math.min(rowLength, count - row * rowLength)]);
    const numbers = { ...flat, layout, offset: (flat.offset ?? 0) + 4 * row * rowLength };
    const dst = { ...sums, layout: assembly.layout([1, 1]), offset: 4 * row };
    const description = { kind: 'innerProduct', pass: 'forwardInference', src: layout, weights: layout } as const;
    const primitive = assembly.create({ ...description, dst: dst.layout });
    assembly.primitive(primitive, { src: numbers, weights: numbers }, { dst });
  }
  assembly.loop('sum', [sums], [assembly.write(y, assembly.plain(y))], ([parts], [sum]) => {
    (sum as Float32Array)[0] = (parts as Float32Array).reduce((all, part) => all + part, 0);
  });
};

export const structureKernels: Pick<
  Kernels,
  'reshape' | 'waitFor' | 'concat' | 'slice' | 'pad' | 'sum' | 'sumOfSquares' | 'broadcastTo' | 'transpose' | 'matmul'
> = {
  reshape: view,
  waitFor: view,
  concat,
  slice,
  pad,
  sum,
  sumOfSquares,
  broadcastTo,
  transpose: loops,
  matmul,
};
