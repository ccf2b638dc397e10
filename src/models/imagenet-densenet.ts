/** Densely connected networks for large images: Huang et al. 2017 (arXiv 1608.06993), Table 1. */
import { relu, scope } from '../ir/index.ts';
import { batchNorm, conv, defineNetwork, globalAveragePool, linear, maxPool, type Network } from '../nn/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { denseBlocks, withDenseBlocks } from './dense-blocks.ts';
import { defineFamily } from './family.ts';
import { imageNet } from './imagenet.ts';

export interface ImageNetDensenetOptions {
  /** Layers of each block; each is a bottleneck and a 3×3 convolution. */
  readonly layers: readonly number[];
  /** Channels that each layer adds: the paper's k. */
  readonly growth: number;
  /** Channels of the first convolution; default 2k. */
  readonly stem?: number;
  /** Rate after each convolution but the first; default 0. */
  readonly dropout?: number;
}

/** A DenseNet-BC for images of 224×224 pixels or so. @throws ConfigError for an impossible option */
export function imageNetDensenet(options: ImageNetDensenetOptions): Network {
  const { layers, growth, stem = 2 * growth, dropout = 0 } = options;
  const sizes: [string, number][] = [
    ['growth', growth],
    ['stem', stem],
    ...layers.map((n, i): [string, number] => [`layers[${i}]`, n]),
  ];
  for (const [name, n] of sizes)
    if (!(Number.isSafeInteger(n) && n >= 1))
      throw new ConfigError(`densenet: \`${name}\` must be a whole number of at least 1, but is ${n}`);
  const build: Network['build'] = (image, { classes }) => {
    const x = scope('stem', () =>
      maxPool(relu(batchNorm(conv(image, stem, { kernel: 7, stride: 2 }))), { kernel: 3, stride: 2, padding: 1 }),
    );
    const dense = denseBlocks(x, { layers, growth, bottleneck: true, compression: 0.5, dropout });
    return linear(globalAveragePool(dense), classes, { name: 'classifier' });
  };
  const depth = 2 * layers.reduce((sum, count) => sum + count, 0) + layers.length + 1; // as the paper counts
  const network = defineNetwork(`densenet${depth}`, build, {
    options: { layers, growth, stem, dropout },
    ...imageNet,
  });
  return withDenseBlocks(network, layers.length, 4);
}

/** Table 1; 161 and 264 are the authors' own additions. */
// biome-ignore format: the paper's table
export const imageNetDensenetFamily = defineFamily({
  name: 'densenet-imagenet',
  paper: 'arXiv:1608.06993',
  title: 'Densely Connected Convolutional Networks',
  build: imageNetDensenet,
  variants: {
    densenet121: { layers: [6, 12, 24, 16], growth: 32, published: { params: 7_978_856,  macs: 2.834e9, top1: 74.434, top5: 91.972 } },
    densenet169: { layers: [6, 12, 32, 32], growth: 32, published: { params: 14_149_480, macs: 3.360e9, top1: 75.6, top5: 92.806 } },
    densenet201: { layers: [6, 12, 48, 32], growth: 32, published: { params: 20_013_928, macs: 4.291e9, top1: 76.896, top5: 93.37 } },
    densenet161: { layers: [6, 12, 36, 24], growth: 48, published: { params: 28_681_000, macs: 7.728e9, top1: 77.138, top5: 93.56 } },
    densenet264: { layers: [6, 12, 64, 48], growth: 32, published: { params: 33_337_704, macs: 5.752e9 } },
  },
});
