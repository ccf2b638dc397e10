/** Dense blocks with transitions between them: Huang et al. 2017 (arXiv 1608.06993), Figure 2. */
import { concat, relu, scope, type Value } from '../ir/index.ts';
import { averagePool, batchNorm, conv, dropout, type Network } from '../nn/index.ts';

export interface DenseOptions {
  /** Layers of each block. */
  readonly layers: readonly number[];
  /** Channels that each layer adds: the paper's k. */
  readonly growth: number;
  /** A 1×1 convolution to 4k channels before each 3×3 (the paper's B). */
  readonly bottleneck: boolean;
  /** Share of the channels that a transition keeps: the paper's θ. */
  readonly compression: number;
  /** Rate after each convolution. */
  readonly dropout: number;
}

/** From the stem's result to the last block's, normalised and rectified. */
export function denseBlocks(
  stem: Value,
  { layers, growth, bottleneck, compression, dropout: rate }: DenseOptions,
): Value {
  /** The paper's H: batch norm, rectifier, convolution. */
  const composite = (x: Value, channels: number, kernel: number) =>
    dropout(conv(relu(batchNorm(x)), channels, { kernel }), rate);
  const layer = (x: Value) => composite(bottleneck ? composite(x, 4 * growth, 1) : x, growth, 3);
  const transition = (x: Value) => halve(composite(x, Math.floor(compression * channelsOf(x)), 1));
  const block = (input: Value, count: number) => {
    let x = input;
    for (let i = 1; i <= count; i++) x = concat([x, scope(`layer${i}`, () => layer(x))]);
    return x;
  };
  let x = stem;
  layers.forEach((count, at) => {
    if (at > 0) x = scope(`transition${at}`, () => transition(x));
    x = scope(`block${at + 1}`, () => block(x, count));
  });
  return scope('final', () => relu(batchNorm(x)));
}

const channelsOf = (x: Value) => x.type.shape[1] as number;

/** The least extent of a map that a transition halves, so that many blocks still fit; the published networks have none that are smaller. */
const leastHalvedMap = 8;

function halve(x: Value): Value {
  const [, , height, width] = x.type.shape as [number, number, number, number];
  return Math.min(height, width) >= leastHalvedMap ? averagePool(x, { kernel: 2 }) : x;
}

/** A network of dense blocks. */
interface DenseNetwork extends Network {
  /** From images with this shorter side on, every transition halves. */
  readonly leastHalvedSide: number;
}

/** What `leastHalvedSide` tells of a network. @param stride of all that comes before the first of its dense blocks */
export const halvedFrom = (blocks: number, stride: number): Partial<Pick<DenseNetwork, 'leastHalvedSide'>> =>
  blocks < 2 ? {} : { leastHalvedSide: leastHalvedMap * stride * 2 ** (blocks - 2) };

/**
 * The least shorter side of an image, in pixels, on which every transition of a dense network of Skein halves, as those of other tools
 * always do; on smaller images equal weights would compute something else. Undefined for networks without transitions.
 */
export function leastHalvedSide(network: Network | DenseNetwork): number | undefined {
  return 'leastHalvedSide' in network ? network.leastHalvedSide : undefined;
}
