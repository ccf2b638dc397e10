/** Pre-activation residual networks: He et al. 2016 (arXiv 1603.05027), where batch norm and rectifier stand before each convolution. */
import { add, relu, scope, type Value } from '../ir/index.ts';
import {
  batchNorm,
  conv,
  dropout,
  globalAveragePool,
  linear,
  maxPool,
  type Network,
  stochasticDepth,
} from '../nn/index.ts';
import { whole } from '../parts/index.ts';
import { sameShape } from '../tensor/index.ts';
import { cifar } from './cifar.ts';
import { dropoutOption } from './dropout-option.ts';
import { defineBuilder, defineFamily } from './family.ts';
import { imageNet } from './imagenet.ts';
import {
  largeBlocks,
  largeStages,
  type Place,
  type Stage,
  smallBlocks,
  smallStages,
  stackStages,
  stochasticDepthOption,
} from './stages.ts';

/** `dropout` is the rate between the convolutions (Zagoruyko and Komodakis 2016, arXiv 1605.07146, §2.4). */
type Block = (x: Value, place: Place, dropout: number) => Value;

const activate = (x: Value) => relu(batchNorm(x));

/** Figure 4 (e), two 3×3 convolutions. */
const basic: Block = (x, { width, stride, drop }, rate) => {
  const a = activate(x);
  let y = activate(conv(a, width, { kernel: 3, stride }));
  y = conv(dropout(y, rate), width, { kernel: 3 });
  return add(stochasticDepth(y, drop), shortcut(x, a, y, stride));
};

/** The same with 1×1, 3×3, 1×1. */
const bottleneck: Block = (x, { width, stride, drop }) => {
  const a = activate(x);
  let y = activate(conv(a, width, { kernel: 1 }));
  y = activate(conv(y, width, { kernel: 3, stride }));
  y = conv(y, 4 * width, { kernel: 1 });
  return add(stochasticDepth(y, drop), shortcut(x, a, y, stride));
};

/** The input itself, or, where the shape changes, a projection of what the block's first convolution reads. */
function shortcut(x: Value, activated: Value, y: Value, stride: number): Value {
  if (sameShape(x.type.shape, y.type.shape)) return x;
  return scope('shortcut', () => conv(activated, y.type.shape[1] as number, { kernel: 1, stride }));
}

/** All blocks, and the batch norm and rectifier that the last one is still to pass. */
function body(stem: Value, stages: readonly Stage[], block: Block, drop: number, rate = 0): Value {
  const x = stackStages(stem, stages, drop, (y, place) => block(y, place, rate));
  return scope('final', () => activate(x));
}

/** A bottleneck network for images up to 64 pixels wide (§4). @throws ConfigError unless the depth is 9n + 2 */
export const preactResnet = defineBuilder({
  name: 'preactResnet',
  about: 'three stages of bottlenecks, where batch norm and rectifier stand before each convolution',
  options: {
    depth: whole({ about: 'layers with weights, 9n + 2' }),
    stochasticDepth: stochasticDepthOption,
  },
  make: ({ depth, stochasticDepth: drop }) => {
    const stages = smallStages(smallBlocks('preactResnet', depth, 3, 2), 16);
    return { name: `preact-resnet${depth}`, ...cifar, build: smallNetwork(stages, bottleneck, drop) };
  },
});

export type PreactResnetOptions = Parameters<typeof preactResnet>[0];

/** A wide residual network (Zagoruyko and Komodakis 2016, arXiv 1605.07146, Table 1). @throws ConfigError unless the depth is 6n + 4 */
export const wideResnet = defineBuilder({
  name: 'wideResnet',
  about: 'three wide stages of blocks, where batch norm and rectifier stand before each convolution',
  options: {
    depth: whole({ about: 'layers with weights, 6n + 4' }),
    widen: whole({ about: 'times the widths of a residual network for small images, the paper’s k', from: 1 }),
    dropout: dropoutOption('rate between the convolutions of a block; the paper takes 0.3', 0),
    stochasticDepth: stochasticDepthOption,
  },
  make: ({ depth, widen, dropout: rate, stochasticDepth: drop }) => {
    const stages = smallStages(smallBlocks('wideResnet', depth, 2, 4), 16 * widen);
    return { name: `wrn${depth}-${widen}`, ...cifar, build: smallNetwork(stages, basic, drop, rate) };
  },
});

export type WideResnetOptions = Parameters<typeof wideResnet>[0];

const smallNetwork =
  (stages: readonly Stage[], block: Block, drop: number, rate?: number): Network['build'] =>
  (image, { classes }) => {
    const stem = scope('stem', () => conv(image, 16, { kernel: 3 }));
    return linear(globalAveragePool(body(stem, stages, block, drop, rate)), classes, { name: 'classifier' });
  };

/** The pre-activation form of the networks for large images. @throws ConfigError for another depth than 50, 101 and 152 */
export const imageNetPreactResnet = defineBuilder({
  name: 'imageNetPreactResnet',
  about: 'four stages of bottlenecks, where batch norm and rectifier stand before each convolution',
  options: {
    depth: whole({
      about: 'layers with weights',
      among: [...largeBlocks.keys()].filter((depth) => depth >= 50),
      hint: 'preactResnet() has the depths for small images',
    }),
    stochasticDepth: stochasticDepthOption,
  },
  make: ({ depth, stochasticDepth: drop }) => ({
    name: `resnetv2_${depth}`,
    ...imageNet,
    build: (image, { classes }) => {
      const stem = scope('stem', () =>
        maxPool(conv(image, 64, { kernel: 7, stride: 2 }), { kernel: 3, stride: 2, padding: 1 }),
      );
      const x = body(stem, largeStages(largeBlocks.get(depth)), bottleneck, drop);
      return linear(globalAveragePool(x), classes, { name: 'classifier' });
    },
  }),
});

/** He et al. 2016, Table 3. */
// biome-ignore format: the paper's table
export const preactResnetFamily = defineFamily({
  name: 'preact-resnet',
  paper: 'arXiv:1603.05027',
  title: 'Identity Mappings in Deep Residual Networks',
  build: preactResnet,
  variants: {
    'preact-resnet164':  { depth: 164,  published: { cifar10: 5.46, cifar100: 24.33 } },
    'preact-resnet1001': { depth: 1001, published: { cifar10: 4.92, cifar100: 22.71 } },
  },
});

/** The names that timm gives them. */
// biome-ignore format: a table
export const imageNetPreactFamily = defineFamily({
  name: 'preact-resnet-imagenet',
  paper: 'arXiv:1603.05027',
  title: 'Identity Mappings in Deep Residual Networks',
  build: imageNetPreactResnet,
  variants: {
    resnetv2_50:  { depth: 50 },
    resnetv2_101: { depth: 101 },
    resnetv2_152: { depth: 152 },
  },
});

/** Zagoruyko and Komodakis 2016, Table 4. */
// biome-ignore format: the paper's table
export const wideResnetFamily = defineFamily({
  name: 'wide-resnet',
  paper: 'arXiv:1605.07146',
  title: 'Wide Residual Networks',
  build: wideResnet,
  variants: {
    'wrn16-4':  { depth: 16, widen: 4 },
    'wrn28-10': { depth: 28, widen: 10, published: { cifar10: 4.00, cifar100: 19.25 } },
  },
});
