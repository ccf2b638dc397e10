/** Joining, cutting and padding: of channels, and of pixels where that is a pooling. */
import type { Node, Value } from '../../../ir/index.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { Assembly } from '../compile/assembly.ts';
import { selection } from '../compile/select-channels.ts';
import type { Layout } from '../library/index.ts';
import { channelShift, skippedPixels, spreadPixels } from '../planning/subsampling.ts';
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

const slice: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  const strides = skippedPixels(node);
  if (strides) {
    const what = { algorithm: 'averageIncludePadding', kernel: [1, 1], strides, padding: noPadding } as const;
    forward(assembly, what, x, y, 'forwardInference');
    return;
  }
  // whole blocks need no copy, see joins.ts
  if (!(moveVectors(assembly, node) || moveChannels(assembly, node))) loops(assembly, node);
};

const pad: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  const strides = spreadPixels(node);
  if (strides) backwardAverage(assembly, { kernel: [1, 1], strides, padding: noPadding }, x, y);
  else if (!(moveVectors(assembly, node) || moveChannels(assembly, node))) loops(assembly, node);
};

/** Whether it could: each channel of y is one of x or, where there is none, zeros. */
function moveChannels(assembly: Assembly, node: Node): boolean {
  const shift = channelShift(node);
  if (shift === undefined) return false;
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
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
    assembly.constant(
      assembly.layout(dims),
      selection(wide, channels, (channel) => channel + shift),
    ),
  );
  assembly.primitive(
    primitive,
    { src: assembly.readAs(x, layout('src')), weights },
    { dst: assembly.write(y, layout('dst')) },
  );
  return true;
}

export const channelKernels: Pick<Kernels, 'concat' | 'slice' | 'pad'> = { concat, slice, pad };
