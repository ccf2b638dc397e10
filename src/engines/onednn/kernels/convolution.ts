/** Convolution and its gradients; every layout is the library's choice. */
import type { ConvAttributes, Node, Value } from '../../../ir/index.ts';
import type { Shape } from '../../../tensor/index.ts';
import type { Assembly } from '../compile/assembly.ts';
import type { Stored } from '../compile/stored.ts';
import type { ArgumentName, DataType, Layout, Primitive, PrimitiveDescription } from '../library/index.ts';
import { unfused } from '../planning/group-convolutions.ts';
import { isPointwise } from '../planning/stacks.ts';
import { prefersWinograd } from '../planning/winograd.ts';
import { gradientByBlocks } from './block-gradient.ts';
import { type Kernels, rectifier, windowOfConvolution } from './kernel.ts';

type ConvolutionDescription = Extract<PrimitiveDescription, { kind: 'convolution' }>;

export const convolutionKernels: Pick<Kernels, 'conv2d' | 'conv2dInputGradient' | 'conv2dWeightGradient'> = {
  conv2d: (assembly, node) => convolve(assembly, unfused(node)),

  conv2dInputGradient: (assembly, node) => {
    if (!isPointwise(node) && gradientByBlocks(assembly, node)) return;
    const [dy, weight] = node.inputs as [Value, Value];
    const [dx] = node.outputs as [Value];
    const onStack = assembly.stacks.isUsedFor(weight) && isPointwise(node);
    const maps = mapLayouts(assembly, onStack);
    const primitive = create(assembly, weight.type.shape, (type) => ({
      kind: 'convolution',
      pass: 'backwardData',
      diffSrc: maps(dx, type),
      weights: anyWeights(assembly, weight, node, type),
      diffDst: maps(dy, type),
      ...windowOfConvolution(node),
    }));
    const layout = layoutsOf(primitive);
    assembly.primitive(
      primitive,
      {
        diffDst: readMap(assembly, onStack, dy, layout('diffDst')),
        weights: assembly.readAs(weight, layout('weights')),
      },
      { diffSrc: onStack ? assembly.writeStacked(dx, layout('diffSrc')) : assembly.write(dx, layout('diffSrc')) },
    );
  },

  conv2dWeightGradient: (assembly, node) => {
    const [x, dy] = node.inputs as [Value, Value];
    const [dweight] = node.outputs as [Value];
    const onStack = stackedInput(assembly, node, x, dy) !== undefined;
    const primitive = create(assembly, dweight.type.shape, (type) =>
      weightGradient(assembly, node, [x, dy, dweight], type, onStack),
    );
    const layout = layoutsOf(primitive);
    assembly.primitive(
      primitive,
      { src: readMap(assembly, onStack, x, layout('src')), diffDst: readMap(assembly, onStack, dy, layout('diffDst')) },
      { diffWeights: assembly.write(dweight, layout('diffWeights')) },
    );
  },
};

/** With what follows it, before it stores. The map that is added stands in dst already, which keeps Winograd; a binary post-op does not. */
export function convolve(
  assembly: Assembly,
  { product, bias, residual, rectifies, y }: ReturnType<typeof unfused>,
): void {
  const [x, weight] = product.inputs as [Value, Value];
  const vector = assembly.layout([y.type.shape[1] as number]);
  const postOps = [...(residual ? [{ kind: 'sum' } as const] : []), ...(rectifies ? [rectifier] : [])];
  const onStack = residual ? undefined : stackedInput(assembly, product, x, y);
  if (onStack || (assembly.stackedAsItIs(x) && !isPointwise(product))) assembly.stacks.useFor(weight);
  const maps = mapLayouts(assembly, onStack !== undefined);
  const primitive = create(assembly, weight.type.shape, (type) => ({
    kind: 'convolution',
    pass: 'forwardTraining',
    src: maps(x, type),
    weights: anyWeights(assembly, weight, product, type),
    ...(bias && { bias: vector }),
    dst: maps(y, type),
    ...windowOfConvolution(product),
    postOps,
  }));
  const layout = layoutsOf(primitive);
  settleMaster(assembly, product, layout('weights'));
  const reads = {
    src: readMap(assembly, onStack !== undefined, x, layout('src')),
    weights: assembly.readAs(weight, layout('weights')),
    ...(bias && { bias: assembly.readAs(bias, vector) }),
  };
  const base = residual && assembly.readAs(residual, layout('dst'));
  const dst = onStack ? assembly.writeStacked(y, layout('dst')) : assembly.write(y, layout('dst'));
  if (base) assembly.primitiveOnto(primitive, reads, dst, base);
  else assembly.primitive(primitive, reads, { dst });
}

/** In the type of maps and the form that are fastest for this weight. */
function create(assembly: Assembly, weight: Shape, describe: (type: DataType) => ConvolutionDescription): Primitive {
  const plain = describe('f32');
  const map = 'dst' in plain ? plain.dst : plain.diffDst;
  const winograd = assembly.mapType === 'f32' && prefersWinograd(plain.pass, weight, map.dims);
  return (
    (winograd && assembly.createFast({ ...plain, algorithm: 'winograd' })) ||
    assembly.createIn(assembly.mapType, (type) => ({ ...describe(type), algorithm: 'direct' }))
  );
}

/** Where a convolution may work on stacked images, and its input lies so. */
function stackedInput(assembly: Assembly, node: Node, x: Value, y: Value): Stored | undefined {
  const fills = [x, y].every(({ type }) => (type.shape[1] as number) % assembly.block === 0);
  return fills && isPointwise(node) ? assembly.stacked(x) : undefined;
}

const mapLayouts = (assembly: Assembly, stacked: boolean) => (map: Value, type: DataType) =>
  stacked ? assembly.stackedLayout(map, type) : assembly.any(map, type);

const readMap = (assembly: Assembly, stacked: boolean, map: Value, layout: Layout) =>
  stacked ? assembly.readStacked(map, layout.dataType) : assembly.readAs(map, layout);

const layoutsOf = (primitive: Primitive) => (name: ArgumentName) => primitive.layout(name) as Layout;

/** [out, in, height, width], or [groups, out, in, height, width] of one group. */
function anyWeights(assembly: Assembly, { type }: Value, node: Node, dataType: DataType = 'f32'): Layout {
  const { groups } = node.attributes as ConvAttributes;
  const [outputs = 1, ...rest] = type.shape;
  const dims = groups === 1 ? type.shape : [groups, outputs / groups, ...rest];
  return assembly.library.layout(dims, dataType, 'any');
}

/** The sums of so many products stay float32, whatever the maps are. */
const weightGradient = (
  assembly: Assembly,
  node: Node,
  [x, dy, dweight]: readonly [Value, Value, Value],
  type: DataType,
  onStack = false,
) =>
  ({
    kind: 'convolution',
    pass: 'backwardWeights',
    src: mapLayouts(assembly, onStack)(x, type),
    diffWeights: anyWeights(assembly, dweight, node),
    diffDst: mapLayouts(assembly, onStack)(dy, type),
    ...windowOfConvolution(node),
  }) as const;

/**
 * Weights that are state and read as bfloat16 lie as their gradients do: what a step adds to them needs no reorder, and one reorder each
 * rounds them for the forward and the backward pass.
 */
function settleMaster(assembly: Assembly, node: Node, wanted: Layout): void {
  const [x, weight] = node.inputs as [Value, Value];
  const [y] = node.outputs as [Value];
  if (wanted.dataType === 'f32' || weight.source.kind !== 'state') return;
  const gradient = assembly.library.create(weightGradient(assembly, node, [x, y, weight], wanted.dataType));
  assembly.readAs(weight, gradient.layout('diffWeights') as Layout);
  gradient.destroy();
}
