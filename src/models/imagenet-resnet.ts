/** Residual networks for large images (He et al. 2015, arXiv 1512.03385, Table 1) and the variants that keep their skeleton. */
import { relu, scope, type Value } from '../ir/index.ts';
import { batchNorm, conv, globalAveragePool, linear, maxPool } from '../nn/index.ts';
import { choice, whole } from '../parts/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { defineBuilder } from './family.ts';
import { imageNet } from './imagenet.ts';
import { basicBlock, blockOptions, bottleneck } from './residual-block.ts';
import { joins } from './residual-shortcut.ts';
import { largeBlocks, largeStages, stackStages, stochasticDepthOption } from './stages.ts';

/** A residual network for images of 224×224 pixels or so. @throws ConfigError for a depth that Table 1 has not, or an impossible option */
export const imageNetResnet = defineBuilder({
  name: 'resnet',
  about: 'four stages of blocks, bottlenecks from a depth of 50 on',
  options: {
    image: whole({ about: 'height and width of its default image', from: 1, default: 224 }),
    depth: whole({
      about: 'layers with weights',
      among: [...largeBlocks.keys()],
      hint: 'these are for images of more than 64 pixels; small images have other depths: leave `image` out',
    }),
    stem: choice(['plain', 'deep'], {
      about: 'one 7×7 convolution, or three 3×3 ones (arXiv:1812.01187, §4.2, ResNet-C)',
      default: 'plain',
    }),
    shortcut: choice(['B', 'D', 'none'], {
      about:
        'where a block changes the shape: a projection (B), or one after an average pooling (D: arXiv:1812.01187, §4.2, ResNet-D); or nowhere anything',
      default: 'B',
    }),
    stochasticDepth: stochasticDepthOption,
    ...blockOptions,
  },
  make: ({ image: size, depth, stem, shortcut, stochasticDepth, ...options }) => {
    const isBasic = depth < 50;
    if (isBasic && (options.groups !== 1 || options.widthPerGroup !== 64))
      throw new ConfigError('resnet: only bottlenecks have `groups` and `widthPerGroup`', 'take a depth of 50 or more');
    const [block, join] = [isBasic ? basicBlock : bottleneck, joins[shortcut]];
    const stages = largeStages(largeBlocks.get(depth));
    return {
      name: `${shortcut === 'none' ? 'plain' : 'resnet'}${depth}`,
      image: { ...imageNet.image, height: size, width: size },
      classes: imageNet.classes,
      build: (image, { classes }) => {
        const x = scope('stem', () => stems[stem](image));
        const y = stackStages(x, stages, stochasticDepth, (z, place) => block(z, { ...place, join }, options));
        return linear(globalAveragePool(y), classes, { name: 'classifier' });
      },
    };
  },
});

export type ImageNetResnetOptions = Parameters<typeof imageNetResnet>[0];

const pool = { kernel: 3, stride: 2, padding: 1 } as const;
const stems = {
  plain: (image: Value) => maxPool(relu(batchNorm(conv(image, 64, { kernel: 7, stride: 2 }))), pool),
  deep: (image: Value) => {
    let x = relu(batchNorm(conv(image, 32, { kernel: 3, stride: 2 })));
    x = relu(batchNorm(conv(x, 32, { kernel: 3 })));
    return maxPool(relu(batchNorm(conv(x, 64, { kernel: 3 }))), pool);
  },
} as const;
