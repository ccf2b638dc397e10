/** Ops that change shapes, and sums over maps with their opposite. */
import type { Value } from '../../../ir/index.ts';
import { sameShape, sizeOf } from '../../../tensor/index.ts';
import type { Layout } from '../library/index.ts';
import { type Kernel, type Kernels, noPadding } from './kernel.ts';
import { loops } from './loops.ts';
import { averageBackwards } from './pooling.ts';

/** The same memory; a blocked tensor is unfolded first. */
const view: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  if (sameShape(x.type.shape, y.type.shape)) assembly.alias(y, x);
  else assembly.place(y, assembly.readAs(x, assembly.plain(y)));
};

/** Over all pixels of each map a mean, times their number; then over what else is summed. */
const sum: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  const { axes } = node.attributes as { readonly axes: readonly number[] };
  const { shape } = x.type;
  if (shape.length !== 4 || !(axes.includes(2) && axes.includes(3))) {
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
    padding: noPadding,
    src: src.layout,
    dst: small,
  });
  const means = assembly.temporary(primitive.layout('dst') as Layout);
  assembly.primitive(primitive, { src }, { dst: means });
  const plain = assembly.temporary(assembly.layout([batch, channels, 1, 1]));
  assembly.reorder(means, plain);
  const [perImage, perChannel] = [0, 1].map((axis) => (axes.includes(axis) ? 0 : 1)) as [number, number];
  const area = sizeOf(kernel);
  assembly.loop('sum', [plain], [assembly.write(y, assembly.plain(y))], ([from], [to]) => {
    const [ofMaps, sums] = [from as Float32Array, to as Float32Array];
    sums.fill(0);
    for (let image = 0; image < batch; image++)
      for (let channel = 0; channel < channels; channel++) {
        const at = image * perImage * (perChannel ? channels : 1) + channel * perChannel;
        sums[at] = (sums[at] as number) + (ofMaps[image * channels + channel] as number) * area;
      }
  });
};

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
  averageBackwards(assembly, { kernel, strides: [1, 1], padding: noPadding }, scaled, y);
};

export const structureKernels: Pick<Kernels, 'reshape' | 'waitFor' | 'sum' | 'broadcastTo' | 'transpose'> = {
  reshape: view,
  waitFor: view,
  sum,
  broadcastTo,
  transpose: loops,
};
