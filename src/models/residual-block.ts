/** The blocks that residual networks are stacked from: He et al. 2015 (arXiv 1512.03385), Figure 5, and what later papers made of them. */
import { multiply, relu, reshape, sigmoid, type Value } from '../ir/index.ts';
import { batchNorm, conv, globalAveragePool, linear, stochasticDepth } from '../nn/index.ts';
import type { Join } from './residual-shortcut.ts';
import type { Place } from './stages.ts';

/** Where a block stands, and how its input joins its result. */
export interface BlockPlace extends Place {
  readonly join: Join;
}

export interface BlockOptions {
  /** A bottleneck's 3×3 convolution runs in this many groups (Xie et al. 2017, arXiv 1611.05431). */
  readonly groups: number;
  /** Channels of each group at a width of 64. */
  readonly widthPerGroup: number;
  /** Which convolution of a bottleneck has the stride: the first, as in the paper, or the second, as most implementations since. */
  readonly strideIn: '1x1' | '3x3';
  /** Whether each block starts as the identity: its last batch norm at 0 (Goyal et al. 2017, arXiv 1706.02677, §5.1). */
  readonly zeroGamma: boolean;
  /** Channels are weighed by squeeze and excitation, with this reduction (Hu et al. 2018, arXiv 1709.01507). */
  readonly squeeze?: number;
}

/** The paper's own block: no groups, nothing squeezed. */
export const plainBlock: BlockOptions = { groups: 1, widthPerGroup: 64, strideIn: '3x3', zeroGamma: false };

export type Block = (x: Value, place: BlockPlace, options: BlockOptions) => Value;

/** Figure 5, left: two 3×3 convolutions. */
export const basicBlock: Block = (x, { width, stride, join, drop }, { zeroGamma, squeeze }) => {
  let y = relu(batchNorm(conv(x, width, { kernel: 3, stride })));
  y = batchNorm(conv(y, width, { kernel: 3 }), { initialWeight: zeroGamma ? 0 : 1 });
  return relu(join(x, stochasticDepth(excite(y, squeeze), drop), stride));
};

/** Figure 5, right: 1×1, 3×3, 1×1, four times as wide outside as inside. */
export const bottleneck: Block = (x, { width, stride, join, drop }, options) => {
  const { groups, widthPerGroup, strideIn, zeroGamma, squeeze } = options;
  const inner = Math.floor((width * widthPerGroup) / 64) * groups;
  const [first, second] = strideIn === '1x1' ? [stride, 1] : [1, stride];
  let y = relu(batchNorm(conv(x, inner, { kernel: 1, stride: first })));
  y = relu(batchNorm(conv(y, inner, { kernel: 3, stride: second, groups })));
  y = batchNorm(conv(y, 4 * width, { kernel: 1 }), { initialWeight: zeroGamma ? 0 : 1 });
  return relu(join(x, stochasticDepth(excite(y, squeeze), drop), stride));
};

/** Hu et al. 2018, Figure 3: every channel times a weight between 0 and 1 that all of them decide. */
function excite(y: Value, reduction: number | undefined): Value {
  if (reduction === undefined) return y;
  const [, channels = 1] = y.type.shape;
  const squeezed = relu(linear(globalAveragePool(y), Math.floor(channels / reduction), { name: 'squeeze' }));
  const weights = sigmoid(linear(squeezed, channels, { name: 'excite' }));
  return multiply(y, reshape(weights, [-1, channels, 1, 1]));
}
