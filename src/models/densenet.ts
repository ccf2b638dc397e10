/** Densely connected networks for small images: Huang et al. 2017 (arXiv 1608.06993), §3 and §4. */
import { scope } from '../ir/index.ts';
import { conv, globalAveragePool, linear } from '../nn/index.ts';
import { number, whole, yesOrNo } from '../parts/index.ts';
import { cifar } from './cifar.ts';
import { denseBlocks, halvedFrom } from './dense-blocks.ts';
import { partsAtDepth } from './depth.ts';
import { dropoutOption } from './dropout-option.ts';
import { defineBuilder, defineFamily } from './family.ts';

/** A dense network. @throws ConfigError where the depth does not divide into the blocks, or an option is impossible */
export const densenet = defineBuilder({
  name: 'densenet',
  about: 'blocks of equally many layers, each of which reads all before it',
  options: {
    depth: whole({
      about: 'layers with weights, blocks · n + blocks + 1, where n counts twice with bottlenecks',
    }),
    growth: whole({ about: 'channels that each layer adds, the paper’s k', from: 1 }),
    blocks: whole({ about: 'dense blocks', from: 1, default: 3 }),
    bottleneck: yesOrNo({ about: 'a 1×1 convolution to 4k channels before each 3×3, the paper’s B', default: false }),
    compression: number({
      about: 'share of the channels that a transition keeps, the paper’s θ',
      above: 0,
      to: 1,
      default: ({ bottleneck }) => (bottleneck ? 0.5 : 1),
      defaultText: '0.5 with bottlenecks (its BC), else 1',
    }),
    stem: whole({
      about: 'channels of the first convolution',
      from: 1,
      default: ({ bottleneck, growth }) => (bottleneck ? 2 * (growth as number) : 16),
      defaultText: '2k with bottlenecks, else 16',
    }),
    dropout: dropoutOption('rate after each convolution but the first; the paper takes 0.2 without augmentation', 0),
  },
  make: (options) => {
    const { depth, growth, blocks, bottleneck, stem } = options;
    const layers = new Array<number>(blocks).fill(layersPerBlock(depth, blocks, bottleneck));
    return {
      name: `densenet${bottleneck ? '-bc' : ''}${depth}-k${growth}${blocks === 3 ? '' : `-blocks${blocks}`}`,
      ...cifar,
      ...halvedFrom(blocks, 1),
      build: (image, { classes }) => {
        const x = scope('stem', () => conv(image, stem, { kernel: 3 }));
        return linear(globalAveragePool(denseBlocks(x, { ...options, layers })), classes, { name: 'classifier' });
      },
    };
  },
});

export type DensenetOptions = Parameters<typeof densenet>[0];

const layersPerBlock = (depth: number, blocks: number, bottleneck: boolean) =>
  partsAtDepth('densenet', depth, {
    each: blocks * (bottleneck ? 2 : 1),
    besides: blocks + 1,
    whose: `for ${blocks} blocks${bottleneck ? ' with bottlenecks' : ''}`,
    hint: 'each block has n layers; the first convolution, the transitions and the classifier are one layer each',
  });

/** Table 2 and, last of the published, the wide one that the authors recommend for time and memory. */
// biome-ignore format: the paper's table
export const densenetFamily = defineFamily({
  name: 'densenet',
  paper: 'arXiv:1608.06993',
  title: 'Densely Connected Convolutional Networks',
  build: densenet,
  variants: {
    'densenet40-k12':         { depth: 40,  growth: 12, published: { params: 1_019_722,  macs: 0.265e9, cifar10: 5.24, cifar100: 24.42 } },
    'densenet100-k12':        { depth: 100, growth: 12, published: { params: 6_979_642,  macs: 1.77e9, cifar10: 4.10, cifar100: 20.20 } },
    'densenet100-k24':        { depth: 100, growth: 24, published: { params: 27_249_082, macs: 6.89e9, cifar10: 3.74, cifar100: 19.25 } },
    'densenet-bc100-k12':     { depth: 100, growth: 12, bottleneck: true, published: { params: 769_162,    macs: 0.288e9, cifar10: 4.51, cifar100: 22.27 } },
    'densenet-bc250-k24':     { depth: 250, growth: 24, bottleneck: true, published: { params: 15_324_406, macs: 5.42e9, cifar10: 3.62, cifar100: 17.60 } },
    'densenet-bc190-k40':     { depth: 190, growth: 40, bottleneck: true, published: { params: 25_624_430, macs: 9.30e9, cifar10: 3.46, cifar100: 17.18 } },
    'wide-densenet-bc40-k48': { depth: 40,  growth: 48, bottleneck: true, published: { cifar10: 3.99, cifar100: 20.29 } },
    'densenet-bc22-k12':      { depth: 22,  growth: 12, bottleneck: true },
    'densenet-bc40-k12':      { depth: 40,  growth: 12, bottleneck: true },
  },
});
