/** Pre-activation residual networks: He et al. 2016 (arXiv 1603.05027), where batch norm and rectifier stand before each convolution. */
import { add, relu, scope, type Value } from '../ir/index.ts';
import {
  batchNorm,
  conv,
  defineNetwork,
  dropout,
  globalAveragePool,
  linear,
  maxPool,
  type Network,
  stochasticDepth,
} from '../nn/index.ts';
import { ConfigError, sameShape } from '../tensor/index.ts';
import { cifar } from './cifar.ts';
import { defineFamily } from './family.ts';
import { imageNet } from './imagenet.ts';
import { largeBlocks, largeStages, type Place, type Stage, smallStages, stackStages } from './stages.ts';

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

export interface PreactResnetOptions {
  /** Layers with weights: 9n + 2. */
  readonly depth: number;
  /** Chance that the last block is left out for an image in training; it grows linearly from the first block's. Default 0. */
  readonly stochasticDepth?: number;
}

/** A bottleneck network for images up to 64 pixels wide (§4). @throws ConfigError unless the depth is 9n + 2 */
export function preactResnet({ depth, stochasticDepth: drop = 0 }: PreactResnetOptions): Network {
  const blocks = (depth - 2) / 9;
  if (!(Number.isSafeInteger(blocks) && blocks >= 1))
    throw new ConfigError(
      `preactResnet: depth must be 9n + 2, but is ${depth}`,
      'each of the three stages has n blocks of three convolutions',
    );
  const build: Network['build'] = (image, { classes }) => {
    const stem = scope('stem', () => conv(image, 16, { kernel: 3 }));
    const x = body(stem, smallStages(blocks, 16), bottleneck, drop);
    return linear(globalAveragePool(x), classes, { name: 'classifier' });
  };
  return defineNetwork(`preact-resnet${depth}`, build, { options: { depth, stochasticDepth: drop }, ...cifar });
}

export interface WideResnetOptions {
  /** Layers with weights: 6n + 4. */
  readonly depth: number;
  /** Times the widths of a residual network for small images: the paper's k. */
  readonly widen: number;
  /** Rate between the convolutions of a block; default 0, the paper takes 0.3. */
  readonly dropout?: number;
  /** Chance that the last block is left out for an image in training; it grows linearly from the first block's. Default 0. */
  readonly stochasticDepth?: number;
}

/** A wide residual network (Zagoruyko and Komodakis 2016, arXiv 1605.07146, Table 1). @throws ConfigError unless the depth is 6n + 4 */
export function wideResnet({ depth, widen, dropout: rate = 0, stochasticDepth: drop = 0 }: WideResnetOptions): Network {
  const blocks = (depth - 4) / 6;
  if (!(Number.isSafeInteger(blocks) && blocks >= 1 && Number.isSafeInteger(widen) && widen >= 1))
    throw new ConfigError(
      `wideResnet: depth must be 6n + 4 and \`widen\` a whole number of at least 1, but they are ${depth} and ${widen}`,
      'each of the three stages has n blocks of two convolutions',
    );
  const build: Network['build'] = (image, { classes }) => {
    const stem = scope('stem', () => conv(image, 16, { kernel: 3 }));
    const x = body(stem, smallStages(blocks, 16 * widen), basic, drop, rate);
    return linear(globalAveragePool(x), classes, { name: 'classifier' });
  };
  const options = { depth, widen, dropout: rate, stochasticDepth: drop };
  return defineNetwork(`wrn${depth}-${widen}`, build, { options, ...cifar });
}

/** The pre-activation form of the networks for large images. @throws ConfigError for another depth than 50, 101 and 152 */
export function imageNetPreactResnet({ depth, stochasticDepth: drop = 0 }: PreactResnetOptions): Network {
  const blocks = depth < 50 ? undefined : largeBlocks.get(depth);
  if (!blocks)
    throw new ConfigError(
      `imageNetPreactResnet: depth must be 50, 101 or 152, but is ${depth}`,
      'preactResnet() has the depths for small images',
    );
  const build: Network['build'] = (image, { classes }) => {
    const stem = scope('stem', () =>
      maxPool(conv(image, 64, { kernel: 7, stride: 2 }), { kernel: 3, stride: 2, padding: 1 }),
    );
    const x = body(stem, largeStages(blocks), bottleneck, drop);
    return linear(globalAveragePool(x), classes, { name: 'classifier' });
  };
  return defineNetwork(`resnetv2_${depth}`, build, { options: { depth, stochasticDepth: drop }, ...imageNet });
}

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
