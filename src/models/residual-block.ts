/** The blocks that residual networks are stacked from: He et al. 2015 (arXiv 1512.03385), Figure 5, and what later papers made of them. */
import { multiply, relu, reshape, sigmoid, type Value } from '../ir/index.ts';
import { batchNorm, conv, globalAveragePool, linear, stochasticDepth } from '../nn/index.ts';
import { choice, type Filled, optional, whole, yesOrNo } from '../parts/index.ts';
import type { Join } from './residual-shortcut.ts';
import type { Place } from './stages.ts';

/** Where a block stands, and how its input joins its result. */
export interface BlockPlace extends Place {
  readonly join: Join;
}

export const blockOptions = {
  groups: whole({
    about: 'groups in which a bottleneck’s 3×3 convolution runs (arXiv:1611.05431)',
    from: 1,
    default: 1,
  }),
  widthPerGroup: whole({ about: 'channels of each group at a width of 64', from: 1, default: 64 }),
  strideIn: choice(['1x1', '3x3'], {
    about:
      'which convolution of a bottleneck has the stride: the first, as in the paper, or the second, as in most implementations since',
    default: '3x3',
  }),
  zeroGamma: yesOrNo({
    about: 'whether each block starts as the identity: its last batch norm at 0 (arXiv:1706.02677, §5.1)',
    default: false,
  }),
  squeeze: optional(
    whole({ about: 'reduction of the squeeze and excitation that weighs channels (arXiv:1709.01507)', from: 1 }),
  ),
};

export type BlockOptions = Filled<typeof blockOptions>;

/** The paper's own block: no groups, nothing squeezed. */
export const plainBlock: BlockOptions = {
  groups: 1,
  widthPerGroup: 64,
  strideIn: '3x3',
  zeroGamma: false,
  squeeze: undefined,
};

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
