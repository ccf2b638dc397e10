/** Densely connected networks for large images: Huang et al. 2017 (arXiv 1608.06993), Table 1. */
import { relu, scope } from '../ir/index.ts';
import { batchNorm, conv, globalAveragePool, linear, maxPool } from '../nn/index.ts';
import { numbers, whole } from '../parts/index.ts';
import { denseBlocks, halvedFrom } from './dense-blocks.ts';
import { dropoutOption } from './dropout-option.ts';
import { defineBuilder, defineFamily } from './family.ts';
import { imageNet } from './imagenet.ts';

/** A DenseNet-BC for images of 224×224 pixels or so. @throws ConfigError for an impossible option */
export const imageNetDensenet = defineBuilder({
  name: 'densenet',
  about: 'blocks of bottlenecks, each of which reads all layers before it',
  options: {
    layers: numbers({
      about: 'layers of each block, each a bottleneck and a 3×3 convolution',
      areWhole: true,
      from: 1,
    }),
    growth: whole({ about: 'channels that each layer adds, the paper’s k', from: 1 }),
    stem: whole({
      about: 'channels of the first convolution',
      from: 1,
      default: ({ growth }) => 2 * (growth as number),
      defaultText: '2k',
    }),
    dropout: dropoutOption('rate after each convolution but the first', 0),
  },
  make: ({ layers, growth, stem, dropout }) => ({
    // as the paper counts
    name: `densenet${2 * layers.reduce((sum, count) => sum + count, 0) + layers.length + 1}`,
    ...imageNet,
    ...halvedFrom(layers.length, 4),
    build: (image, { classes }) => {
      const x = scope('stem', () =>
        maxPool(relu(batchNorm(conv(image, stem, { kernel: 7, stride: 2 }))), { kernel: 3, stride: 2, padding: 1 }),
      );
      const dense = denseBlocks(x, { layers, growth, bottleneck: true, compression: 0.5, dropout });
      return linear(globalAveragePool(dense), classes, { name: 'classifier' });
    },
  }),
});

export type ImageNetDensenetOptions = Parameters<typeof imageNetDensenet>[0];

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
