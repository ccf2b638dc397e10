/** Conventional networks for large images: Simonyan and Zisserman 2014 (arXiv 1409.1556), Table 1. */
import { flatten, relu, scope, type Value } from '../ir/index.ts';
import { adaptiveAveragePool, dropout, linear, maxPool, normal } from '../nn/index.ts';
import { yesOrNo } from '../parts/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { dropoutOption } from './dropout-option.ts';
import { defineBuilder, defineFamily } from './family.ts';
import { imageNet } from './imagenet.ts';
import { vggBody, vggDepth, vggStages } from './vgg.ts';

/**
 * A stack of 3×3 convolutions and three linear layers. Images other than 224×224 are averaged to the 7×7 map that the first linear
 * layer reads, as PyTorch's network does. @throws ConfigError for an impossible option, and, when built, for images below 32×32
 */
export const imageNetVgg = defineBuilder({
  name: 'vgg',
  about: 'five stages of 3×3 convolutions, and three linear layers',
  options: {
    depth: vggDepth,
    batchNorm: yesOrNo({
      about: 'a batch norm after each convolution, which then has no use for a bias but keeps it, as PyTorch’s has',
      default: false,
    }),
    dropout: dropoutOption('rate after each of the two wide layers', 0.5),
  },
  make: ({ depth, batchNorm, dropout: rate }) => {
    const name = `vgg${depth}${batchNorm ? '_bn' : ''}`;
    const body = { stages: vggStages(depth), width: 64, batchNorm, bias: true };
    const wide = (x: Value) => dropout(relu(linear(x, 4096, { initial: normal(0.01) })), rate);
    return {
      name,
      ...imageNet,
      build: (image, { classes }) => {
        expectLarge(name, image);
        const last = vggBody(image, body, (x) => maxPool(x, { kernel: 2 }));
        const map = adaptiveAveragePool(last, 7);
        const features = scope('head', () => wide(wide(flatten(map))));
        return linear(features, classes, { name: 'classifier', initial: normal(0.01) });
      },
    };
  },
});

export type ImageNetVggOptions = Parameters<typeof imageNetVgg>[0];

function expectLarge(name: string, image: Value): void {
  const [, , height, width] = image.type.shape as [number, number, number, number];
  if (Math.min(height, width) < 32)
    throw new ConfigError(
      `${name}: it takes images of at least 32×32 pixels (made for 224×224), because it halves them five times, but they are ${height}×${width}`,
      `use --image-size 32 or more, or the form for small images: ${name.replace(/_bn$/, '')}-cifar`,
    );
}

/** Table 1; with batch norm, and its counts, as torchvision has them. */
// biome-ignore format: the paper's table
export const imageNetVggFamily = defineFamily({
  name: 'vgg',
  paper: 'arXiv:1409.1556',
  title: 'Very Deep Convolutional Networks for Large-Scale Image Recognition',
  build: imageNetVgg,
  variants: {
    vgg11:    { depth: 11, published: { params: 132_863_336, macs: 7.609e9, top1: 69.02, top5: 88.628 } },
    vgg13:    { depth: 13, published: { params: 133_047_848, macs: 11.308e9, top1: 69.928, top5: 89.246 } },
    vgg16:    { depth: 16, published: { params: 138_357_544, macs: 15.470e9, top1: 71.592, top5: 90.382 } },
    vgg19:    { depth: 19, published: { params: 143_667_240, macs: 19.632e9, top1: 72.376, top5: 90.876 } },
    vgg11_bn: { depth: 11, batchNorm: true, published: { params: 132_868_840, macs: 7.609e9, top1: 70.37, top5: 89.81 } },
    vgg13_bn: { depth: 13, batchNorm: true, published: { params: 133_053_736, macs: 11.308e9, top1: 71.586, top5: 90.374 } },
    vgg16_bn: { depth: 16, batchNorm: true, published: { params: 138_365_992, macs: 15.470e9, top1: 73.36, top5: 91.516 } },
    vgg19_bn: { depth: 19, batchNorm: true, published: { params: 143_678_248, macs: 19.632e9, top1: 74.218, top5: 91.842 } },
  },
});
