/** Convolution and its gradients; every layout is the library's choice. */
import type { ConvAttributes, Node, Value } from '../../../ir/index.ts';
import type { Assembly } from '../compile/assembly.ts';
import type { ArgumentName, Layout, Primitive } from '../library/index.ts';
import { type Kernels, windowOf } from './kernel.ts';

export const convolutionKernels: Pick<Kernels, 'conv2d' | 'conv2dInputGradient' | 'conv2dWeightGradient'> = {
  conv2d: (assembly, node) => {
    const [x, weight] = node.inputs as [Value, Value];
    const [y] = node.outputs as [Value];
    const primitive = assembly.create({
      kind: 'convolution',
      pass: 'forwardTraining',
      src: assembly.any(x),
      weights: anyWeights(assembly, weight, node),
      dst: assembly.any(y),
      ...window(node),
    });
    const layout = layoutsOf(primitive);
    assembly.primitive(
      primitive,
      { src: assembly.readAs(x, layout('src')), weights: assembly.readAs(weight, layout('weights')) },
      { dst: assembly.write(y, layout('dst')) },
    );
  },

  conv2dInputGradient: (assembly, node) => {
    const [dy, weight] = node.inputs as [Value, Value];
    const [dx] = node.outputs as [Value];
    const primitive = assembly.create({
      kind: 'convolution',
      pass: 'backwardData',
      diffSrc: assembly.any(dx),
      weights: anyWeights(assembly, weight, node),
      diffDst: assembly.any(dy),
      ...window(node),
    });
    const layout = layoutsOf(primitive);
    assembly.primitive(
      primitive,
      { diffDst: assembly.readAs(dy, layout('diffDst')), weights: assembly.readAs(weight, layout('weights')) },
      { diffSrc: assembly.write(dx, layout('diffSrc')) },
    );
  },

  conv2dWeightGradient: (assembly, node) => {
    const [x, dy] = node.inputs as [Value, Value];
    const [dweight] = node.outputs as [Value];
    const primitive = assembly.create({
      kind: 'convolution',
      pass: 'backwardWeights',
      src: assembly.any(x),
      diffWeights: anyWeights(assembly, dweight, node),
      diffDst: assembly.any(dy),
      ...window(node),
    });
    const layout = layoutsOf(primitive);
    assembly.primitive(
      primitive,
      { src: assembly.readAs(x, layout('src')), diffDst: assembly.readAs(dy, layout('diffDst')) },
      { diffWeights: assembly.write(dweight, layout('diffWeights')) },
    );
  },
};

const layoutsOf = (primitive: Primitive) => (name: ArgumentName) => primitive.layout(name) as Layout;

/** [out, in, height, width], or [groups, out, in, height, width] of one group. */
function anyWeights(assembly: Assembly, { type }: Value, node: Node): Layout {
  const { groups } = node.attributes as ConvAttributes;
  const [outputs = 1, ...rest] = type.shape;
  return assembly.library.layout(groups === 1 ? type.shape : [groups, outputs / groups, ...rest], 'f32', 'any');
}

/** oneDNN counts the pixels between taps: 0 is a plain convolution. */
function window({ attributes }: Node) {
  const { dilation, ...rest } = attributes as ConvAttributes;
  return { ...windowOf(rest), dilation: dilation.map((n) => n - 1) };
}
