/** Pooling over windows, and its gradients. */
import type { Node, PoolAttributes, Value } from '../../../ir/index.ts';
import type { Assembly } from '../compile/assembly.ts';
import type { Stored } from '../compile/stored.ts';
import type { Layout, PrimitiveDescription } from '../library/index.ts';
import { type Kernels, windowOf } from './kernel.ts';

type PoolingDescription = Extract<
  PrimitiveDescription,
  { kind: 'pooling'; pass: 'forwardTraining' | 'forwardInference' }
>;

export const poolingKernels: Pick<
  Kernels,
  'maxPool2d' | 'maxPool2dGradient' | 'averagePool2d' | 'averagePool2dGradient'
> = {
  maxPool2d: (assembly, node) => {
    const [x] = node.inputs as [Value];
    const [y] = node.outputs as [Value];
    forward(assembly, { algorithm: 'max', ...windowFor(node) }, x, y, 'forwardInference');
  },

  // where the largest was is not kept: it is found again, which costs less than keeping a map of places
  maxPool2dGradient: (assembly, node) => {
    const [x, dy] = node.inputs as [Value, Value];
    const [dx] = node.outputs as [Value];
    const { kernel, ...window } = windowFor(node);
    const src = assembly.read(x);
    const again = assembly.create({
      kind: 'pooling',
      pass: 'forwardTraining',
      algorithm: 'max',
      kernel,
      ...window,
      src: src.layout,
      dst: assembly.any(dy, src.layout.dataType),
    });
    const [dst, workspace] = [again.layout('dst') as Layout, again.layout('workspace') as Layout].map((layout) =>
      assembly.temporary(layout),
    ) as [ReturnType<Assembly['temporary']>, ReturnType<Assembly['temporary']>];
    assembly.primitive(again, { src }, { dst, workspace });
    const backward = assembly.create({
      kind: 'pooling',
      pass: 'backward',
      algorithm: 'max',
      kernel,
      ...window,
      diffSrc: src.layout,
      diffDst: dst.layout,
      forward: again,
    });
    assembly.primitive(
      backward,
      { diffDst: assembly.readAs(dy, dst.layout), workspace },
      { diffSrc: assembly.write(dx, src.layout) },
    );
  },

  averagePool2d: (assembly, node) => {
    const [x] = node.inputs as [Value];
    const [y] = node.outputs as [Value];
    forward(assembly, { algorithm: 'averageIncludePadding', ...windowFor(node) }, x, y, 'forwardInference');
  },

  averagePool2dGradient: (assembly, node) => {
    const [dy] = node.inputs as [Value];
    const [dx] = node.outputs as [Value];
    backwardAverage(assembly, windowFor(node), dy, dx);
  },
};

type PoolWindow = ReturnType<typeof windowFor>;

const windowFor = ({ attributes }: Node) => {
  const { kernel, ...rest } = attributes as PoolAttributes;
  return { kernel, ...windowOf(rest) };
};

/** y = pool(x), in x's layout and type. */
export function forward(
  assembly: Assembly,
  what: PoolWindow & Pick<PoolingDescription, 'algorithm'>,
  x: Value,
  y: Value,
  pass: 'forwardTraining' | 'forwardInference',
): void {
  const src = assembly.read(x);
  const dst = assembly.any(y, src.layout.dataType);
  const primitive = assembly.create({ kind: 'pooling', pass, ...what, src: src.layout, dst });
  assembly.primitive(primitive, { src }, { dst: assembly.write(y, primitive.layout('dst') as Layout) });
}

/** The gradient of an average, whose forward pass is made only to be asked for layouts. */
export function backwardAverage(assembly: Assembly, window: PoolWindow, dy: Value, dx: Value): void {
  averageBackwards(assembly, window, assembly.read(dy), dx);
}

export function averageBackwards(assembly: Assembly, window: PoolWindow, diffDst: Stored, dx: Value): void {
  const { format, dataType } = diffDst.layout;
  const diffSrc = assembly.layout(dx.type.shape, format, dataType);
  const common = { kind: 'pooling', algorithm: 'averageIncludePadding', ...window } as const;
  const forward = assembly.create({ ...common, pass: 'forwardTraining', src: diffSrc, dst: diffDst.layout });
  const primitive = assembly.create({ ...common, pass: 'backward', diffSrc, diffDst: diffDst.layout, forward });
  assembly.primitive(primitive, { diffDst }, { diffSrc: assembly.write(dx, diffSrc) });
}
