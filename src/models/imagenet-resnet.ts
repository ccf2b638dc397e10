/** Residual networks for large images (He et al. 2015, arXiv 1512.03385, Table 1) and the variants that keep their skeleton. */
import { relu, scope, type Value } from '../ir/index.ts';
import { batchNorm, conv, defineNetwork, globalAveragePool, linear, maxPool, type Network } from '../nn/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { imageNet } from './imagenet.ts';
import { type Block, type BlockOptions, basicBlock, bottleneck, plainBlock } from './residual-block.ts';
import { joins } from './residual-shortcut.ts';
import { largeBlocks, largeStages, stackStages } from './stages.ts';

export interface ImageNetResnetOptions extends Partial<BlockOptions> {
  /** 18, 34, 50, 101 or 152. */
  readonly depth: number;
  /** Height and width of its default image; default 224. */
  readonly image?: number;
  /** One 7×7 convolution, or three 3×3 ones (He et al. 2019, arXiv 1812.01187, §4.2, ResNet-C); default 'plain'. */
  readonly stem?: 'plain' | 'deep';
  /** Where a block changes the shape: a projection (B, default), or one after an average pooling (D: ibid., ResNet-D); or nowhere anything. */
  readonly shortcut?: 'B' | 'D' | 'none';
  /** Chance that the last block is left out for an image in training; it grows linearly from the first block's. Default 0. */
  readonly stochasticDepth?: number;
}

/** A residual network for images of 224×224 pixels or so. @throws ConfigError for a depth that Table 1 has not, or an impossible option */
export function imageNetResnet(options: ImageNetResnetOptions): Network {
  const { depth, image: size = 224, stem = 'plain', shortcut = 'B', stochasticDepth: drop = 0 } = options;
  expectOneOf('stem', ['plain', 'deep'], stem);
  expectOneOf('shortcut', ['B', 'D', 'none'], shortcut);
  const blocks = largeBlocks.get(depth);
  if (!blocks)
    throw new ConfigError(
      `resnet: depth must be one of ${[...largeBlocks.keys()].join(', ')} for images of more than 64 pixels, but is ${depth}`,
      'small images have other depths: leave `image` out',
    );
  const { groups, widthPerGroup, strideIn, zeroGamma, squeeze } = { ...plainBlock, ...options };
  const blockOptions = { groups, widthPerGroup, strideIn, zeroGamma, ...(squeeze !== undefined && { squeeze }) };
  const block: Block = depth < 50 ? basicBlock : bottleneck;
  expectPossible(block, blockOptions, drop);
  const join = joins[shortcut];

  const build: Network['build'] = (image, { classes }) => {
    const x = scope('stem', () => stems[stem](image));
    const y = stackStages(x, largeStages(blocks), drop, (z, place) => block(z, { ...place, join }, blockOptions));
    return linear(globalAveragePool(y), classes, { name: 'classifier' });
  };
  return defineNetwork(`${shortcut === 'none' ? 'plain' : 'resnet'}${depth}`, build, {
    options: { image: size, depth, stem, shortcut, stochasticDepth: drop, ...blockOptions },
    image: { ...imageNet.image, height: size, width: size },
    classes: imageNet.classes,
  });
}

const pool = { kernel: 3, stride: 2, padding: 1 } as const;
const stems = {
  plain: (image: Value) => maxPool(relu(batchNorm(conv(image, 64, { kernel: 7, stride: 2 }))), pool),
  deep: (image: Value) => {
    let x = relu(batchNorm(conv(image, 32, { kernel: 3, stride: 2 })));
    x = relu(batchNorm(conv(x, 32, { kernel: 3 })));
    return maxPool(relu(batchNorm(conv(x, 64, { kernel: 3 }))), pool);
  },
} as const;

function expectPossible(block: Block, { groups, widthPerGroup, strideIn, squeeze }: BlockOptions, drop: number): void {
  for (const [name, n] of Object.entries({ groups, widthPerGroup, squeeze: squeeze ?? 1 }))
    if (!(Number.isSafeInteger(n) && n >= 1))
      throw new ConfigError(`resnet: \`${name}\` must be a whole number of at least 1, but is ${n}`);
  if (block === basicBlock && (groups !== 1 || widthPerGroup !== 64))
    throw new ConfigError('resnet: only bottlenecks have `groups` and `widthPerGroup`', 'take a depth of 50 or more');
  expectOneOf('strideIn', ['1x1', '3x3'], strideIn);
  if (!(drop >= 0 && drop < 1))
    throw new ConfigError(`resnet: \`stochasticDepth\` must be at least 0 and below 1, but is ${drop}`);
}

function expectOneOf(name: string, choices: readonly string[], value: string): void {
  if (!choices.includes(value))
    throw new ConfigError(`resnet: \`${name}\` must be ${choices.join(' or ')}, but is ${value}`);
}
