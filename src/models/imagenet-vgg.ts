/** Conventional networks for large images: Simonyan and Zisserman 2014 (arXiv 1409.1556), Table 1. */
import { flatten, relu, scope, type Value } from '../ir/index.ts';
import { adaptiveAveragePool, defineNetwork, dropout, linear, maxPool, type Network, normal } from '../nn/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { defineFamily } from './family.ts';
import { imageNet } from './imagenet.ts';
import { vggBody, vggStages } from './vgg.ts';

export interface ImageNetVggOptions {
  /** Layers with weights: 11, 13, 16 or 19. */
  readonly depth: number;
  /** A batch norm after each convolution, which then has no use for a bias but keeps it, as PyTorch's has; default false. */
  readonly batchNorm?: boolean;
  /** Rate after each of the two wide layers; default 0.5. */
  readonly dropout?: number;
}

/**
 * A stack of 3×3 convolutions and three linear layers. Images other than 224×224 are averaged to the 7×7 map that the first linear
 * layer reads, as PyTorch's network does. @throws ConfigError for an impossible option, and, when built, for images below 32×32
 */
export function imageNetVgg(options: ImageNetVggOptions): Network {
  const { depth, batchNorm = false, dropout: rate = 0.5 } = options;
  const stages = vggStages(depth);
  if (!(rate >= 0 && rate < 1))
    throw new ConfigError(`vgg: \`dropout\` must be at least 0 and below 1, but is ${rate}`);
  const name = `vgg${depth}${batchNorm ? '_bn' : ''}`;
  const build: Network['build'] = (image, { classes }) => {
    expectLarge(name, image);
    const body = { stages, width: 64, batchNorm, bias: true };
    const map = adaptiveAveragePool(
      vggBody(image, body, (x) => maxPool(x, { kernel: 2 })),
      7,
    );
    const wide = (x: Value) => dropout(relu(linear(x, 4096, { initial: normal(0.01) })), rate);
    const features = scope('head', () => wide(wide(flatten(map))));
    return linear(features, classes, { name: 'classifier', initial: normal(0.01) });
  };
  return defineNetwork(name, build, { options: { depth, batchNorm, dropout: rate }, ...imageNet });
}

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
