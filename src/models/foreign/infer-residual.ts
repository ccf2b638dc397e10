/** Which residual network weights belong to. */
import { type ImageNetResnetOptions, imageNetResnet } from '../imagenet-resnet.ts';
import { imageNetPreactResnet, preactResnet, wideResnet } from '../preact-resnet.ts';
import { resnet } from '../resnet.ts';
import { largeBlocks } from '../stages.ts';
import type { InferredNetwork } from './inferred-network.ts';
import type { Naming } from './naming.ts';
import { cannotTell, expectPlausibleDepth, type SeenLayers } from './seen-layers.ts';

/** @throws CheckpointError where Skein has no such network */
export function inferResidual(layers: SeenLayers, naming: Pick<Naming, 'shortcut'>): InferredNetwork {
  const blocks = layers.counts('stage', 'block');
  const convolutions = layers.count('stage1.block1.conv');
  if (convolutions < 2 || convolutions > 3)
    throw cannotTell(`the first block has ${convolutions} convolutions, and Skein's have 2 or 3`);
  expectPlausibleDepth(blocks, convolutions);
  const bottleneck = convolutions === 3;
  const isPreact = layers.has('final.norm1') && !layers.has('stem.norm1');
  if (blocks.length === 3)
    return isPreact ? smallPreact(layers, blocks, bottleneck) : small(layers, blocks, bottleneck);
  if (blocks.length === 4)
    return isPreact ? largePreact(blocks, bottleneck) : large(layers, blocks, bottleneck, naming);
  throw cannotTell(`it has ${blocks.length} stages, and Skein's have 3 or 4`);
}

function small(layers: SeenLayers, blocks: readonly number[], bottleneck: boolean): InferredNetwork {
  if (bottleneck) throw cannotTell('with three stages and norms after their convolutions, Skein has no bottlenecks');
  const depth = 6 * equal(blocks) + 2;
  if (layers.has('stage2.block1.shortcut.conv1'))
    return { form: 'resnet-small', network: resnet({ depth, shortcut: 'B' }), notes: [] };
  const note = `shortcuts leave no trace in the weights: taken as the paper's option A; for none, --model plain${depth}`;
  return { form: 'resnet-small', network: resnet({ depth }), notes: [note] };
}

function smallPreact(layers: SeenLayers, blocks: readonly number[], bottleneck: boolean): InferredNetwork {
  if (bottleneck) return { form: 'preact-small', network: preactResnet({ depth: 9 * equal(blocks) + 2 }), notes: [] };
  const [width = 0] = layers.weight('stage1.block1.conv1', 4);
  if (width % 16 !== 0) throw cannotTell(`its first stage is ${width} wide, and Skein's are multiples of 16`);
  return { form: 'wide', network: wideResnet({ depth: 6 * equal(blocks) + 4, widen: width / 16 }), notes: [] };
}

function equal(blocks: readonly number[]): number {
  const [first = 0] = blocks;
  if (blocks.some((count) => count !== first))
    throw cannotTell(`its three stages have ${blocks.join(', ')} blocks, and Skein's have as many each`);
  return first;
}

function largePreact(blocks: readonly number[], bottleneck: boolean): InferredNetwork {
  return { form: 'preact', network: imageNetPreactResnet({ depth: depthOf(blocks, bottleneck, 50) }), notes: [] };
}

function large(
  layers: SeenLayers,
  blocks: readonly number[],
  bottleneck: boolean,
  { shortcut: named }: Pick<Naming, 'shortcut'>,
): InferredNetwork {
  const [, , kernel] = layers.weight('stem.conv1', 4);
  const deep = layers.has('stem.conv3');
  if (kernel !== (deep ? 3 : 7))
    throw cannotTell(
      `its first convolution is ${kernel}×${kernel}, and in front of four stages Skein has one of 7×7 or three of 3×3`,
    );
  const projects = layers.has('stage2.block1.shortcut.conv1');
  const shortcut = projects ? (named ?? 'B') : 'none';
  const options: ImageNetResnetOptions = {
    depth: depthOf(blocks, bottleneck, 18),
    stem: deep ? 'deep' : 'plain',
    shortcut,
    ...(bottleneck && groupsOf(layers)),
    ...(layers.has('stage1.block1.squeeze') && { squeeze: squeezeOf(layers) }),
  };
  const network = { ...imageNetResnet(options), name: nameOf(options) };
  return { form: 'resnet', network, notes: bottleneck ? [strideNote(options)] : [] };
}

const strideNote = (options: ImageNetResnetOptions) =>
  'the stride of a bottleneck cannot be seen in weights: taken to be in its 3×3 convolution, as in torchvision and timm; ' +
  `for the first 1×1, as in Caffe, --model with a module of resnet({ image: 224, ${unusual(options)}, strideIn: '1x1' })`;

/** Options other than the defaults, as one writes them. */
function unusual(options: ImageNetResnetOptions): string {
  const usual: Readonly<Record<string, unknown>> = { stem: 'plain', shortcut: 'B', groups: 1, widthPerGroup: 64 };
  return Object.entries(options)
    .filter(([name, value]) => value !== usual[name])
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? `'${value}'` : value}`)
    .join(', ');
}

/** A bottleneck's 3×3 convolution of the first stage is [width per group · groups, width per group, 3, 3]. */
function groupsOf(layers: SeenLayers): { groups: number; widthPerGroup: number } {
  const [inner = 0, widthPerGroup = 1] = layers.weight('stage1.block1.conv2', 4);
  return { groups: inner / widthPerGroup, widthPerGroup };
}

function squeezeOf(layers: SeenLayers): number {
  const [few = 1, many = 0] = layers.weight('stage1.block1.squeeze', 2);
  return Math.floor(many / few);
}

function depthOf(blocks: readonly number[], bottleneck: boolean, least: number): number {
  for (const [depth, counts] of largeBlocks)
    if (depth >= least && bottleneck === depth >= 50 && String(counts) === String(blocks)) return depth;
  throw cannotTell(
    `its four stages have ${blocks.join(', ')} blocks of ${bottleneck ? 'three' : 'two'} convolutions, ` +
      `and Skein's depths are ${[...largeBlocks.keys()].filter((depth) => depth >= least).join(', ')}`,
  );
}

/** In the manner of torchvision and timm, for networks that have no published name. */
function nameOf({ depth, groups = 1, widthPerGroup = 64, squeeze, stem, shortcut }: ImageNetResnetOptions): string {
  const kind = `${squeeze === undefined ? '' : 'se'}${shortcut === 'none' ? 'plain' : groups > 1 ? 'resnext' : 'resnet'}`;
  const letter = shortcut === 'D' ? 'd' : stem === 'deep' ? 'c' : '';
  if (groups > 1) return `${kind}${depth}${letter}_${groups}x${widthPerGroup}d`;
  return `${widthPerGroup === 64 ? '' : 'wide_'}${kind}${depth}${letter}${widthPerGroup === 64 ? '' : `_${widthPerGroup / 64}`}`;
}
