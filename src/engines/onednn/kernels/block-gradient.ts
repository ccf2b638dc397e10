/**
 * The gradient of a convolution that looks around, from one block of channels into stacked images (see planning/stacks.ts). One block lies
 * there as the images of a batch do, so each is a convolution of its own, and nothing has to be stacked afterwards.
 */
import type { ConvAttributes, Node, Value } from '../../../ir/index.ts';
import type { Assembly } from '../compile/assembly.ts';
import type { Stored } from '../compile/stored.ts';
import type { Layout } from '../library/index.ts';
import { windowOfConvolution } from './kernel.ts';

/** Each block reads all of dy again. */
const mostBlocks = 4;

/** Whether it could: where dx is wanted stacked, in float32. */
export function gradientByBlocks(assembly: Assembly, node: Node): boolean {
  const [dy, weight] = node.inputs as [Value, Value];
  const [dx] = node.outputs as [Value];
  const { block, mapType } = assembly;
  const [images, channels, height, width] = dx.type.shape as [number, number, number, number];
  const fits = dy.type.shape[1] === block && channels % block === 0 && channels <= mostBlocks * block;
  const { groups } = node.attributes as ConvAttributes;
  if (mapType !== 'f32' || groups !== 1 || !fits || !assembly.stacks.isUsedFor(weight)) return false;
  const format = assembly.mapFormat(block);
  const one = assembly.layout([images, block, height, width], format);
  const gradient = assembly.layout(dy.type.shape, format);
  const primitive = assembly.create({
    kind: 'convolution',
    pass: 'backwardData',
    algorithm: 'direct',
    diffSrc: one,
    weights: assembly.library.layout([block, block, ...weight.type.shape.slice(2)], 'f32', 'any'),
    diffDst: gradient,
    ...windowOfConvolution(node),
  });
  const part = primitive.layout('weights') as Layout;
  // block behind block, so that each lies as a primitive for it alone wants
  if (!/^(AB|BA)cd/.test(part.format)) return false;
  const weights = assembly.readAs(weight, assembly.layout(weight.type.shape, part.format));
  const { stretch } = assembly.writeStacked(dx, assembly.stackedLayout(dx, 'f32'));
  const piece = (of: Stored, layout: Layout, index: number): Stored => ({
    layout,
    stretch: of.stretch,
    offset: (of.offset ?? 0) + index * layout.bytes,
  });
  for (let index = 0; index < channels / block; index++)
    assembly.primitive(
      primitive,
      { diffDst: assembly.readAs(dy, gradient), weights: piece(weights, part, index) },
      { diffSrc: piece({ layout: one, stretch }, one, index) },
    );
  return true;
}
