/** Densely connected networks for small images: Huang et al. 2017 (arXiv 1608.06993), §3 and §4. */
import { scope } from '../ir/index.ts';
import { conv, defineNetwork, globalAveragePool, linear, type Network } from '../nn/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { cifar } from './cifar.ts';
import { denseBlocks, withDenseBlocks } from './dense-blocks.ts';
import { defineFamily } from './family.ts';

export interface DensenetOptions {
  /** Layers with weights: blocks · layers + blocks + 1, each layer counting twice with bottlenecks. */
  readonly depth: number;
  /** Channels that each layer adds: the paper's k. */
  readonly growth: number;
  /** Dense blocks; default 3. */
  readonly blocks?: number;
  /** A 1×1 convolution to 4k channels before each 3×3 (the paper's B); default false. */
  readonly bottleneck?: boolean;
  /** Share of the channels that a transition keeps: the paper's θ; default 0.5 with bottlenecks (its BC), else 1. */
  readonly compression?: number;
  /** Channels of the first convolution; default 2k with bottlenecks, else 16. */
  readonly stem?: number;
  /** Rate after each convolution but the first; the paper takes 0.2 without augmentation; default 0. */
  readonly dropout?: number;
}

/** A dense network. @throws ConfigError where the depth does not divide into the blocks, or an option is impossible */
export function densenet(options: DensenetOptions): Network {
  const { depth, growth, blocks = 3, bottleneck = false, dropout: rate = 0 } = options;
  const { compression = bottleneck ? 0.5 : 1, stem = bottleneck ? 2 * growth : 16 } = options;
  const filled = { depth, growth, blocks, bottleneck, compression, stem, dropout: rate };
  expectPossible(filled);
  const layers = layersPerBlock(depth, blocks, bottleneck);

  const build: Network['build'] = (image, { classes }) => {
    const x = scope('stem', () => conv(image, stem, { kernel: 3 }));
    const dense = denseBlocks(x, { ...filled, layers: new Array<number>(blocks).fill(layers) });
    return linear(globalAveragePool(dense), classes, { name: 'classifier' });
  };
  return withDenseBlocks(defineNetwork(nameOf(filled), build, { options: filled, ...cifar }), blocks, 1);
}

function layersPerBlock(depth: number, blocks: number, bottleneck: boolean): number {
  const convolutions = bottleneck ? 2 : 1;
  const layers = (depth - blocks - 1) / blocks / convolutions;
  if (Number.isSafeInteger(layers) && layers >= 1) return layers;
  const depthOf = (n: number) => n * blocks * convolutions + blocks + 1;
  const nearest =
    layers > 1
      ? `nearest are ${depthOf(Math.floor(layers))} and ${depthOf(Math.ceil(layers))}`
      : `the least is ${depthOf(1)}`;
  throw new ConfigError(
    `densenet: depth must be ${blocks * convolutions}n + ${blocks + 1} for ${blocks} blocks${bottleneck ? ' with bottlenecks' : ''}; ${depth} is not; ${nearest}`,
    'each block has n layers; the first convolution, the transitions and the classifier are one layer each',
  );
}

function expectPossible({ growth, blocks, compression, stem, dropout }: Required<DensenetOptions>): void {
  for (const [name, n] of Object.entries({ growth, blocks, stem }))
    if (!(Number.isSafeInteger(n) && n >= 1))
      throw new ConfigError(`densenet: \`${name}\` must be a whole number of at least 1, but is ${n}`);
  if (!(compression > 0 && compression <= 1))
    throw new ConfigError(`densenet: \`compression\` must be above 0 and at most 1, but is ${compression}`);
  if (!(dropout >= 0 && dropout < 1))
    throw new ConfigError(`densenet: \`dropout\` must be at least 0 and below 1, but is ${dropout}`);
}

function nameOf({ depth, growth, blocks, bottleneck }: Required<DensenetOptions>): string {
  return `densenet${bottleneck ? '-bc' : ''}${depth}-k${growth}${blocks === 3 ? '' : `-blocks${blocks}`}`;
}

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
