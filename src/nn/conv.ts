/** A convolution with a weight of its own. */
import { add, conv2d, type Initialiser, type Pair, reshape, type Value } from '../ir/index.ts';
import { ConfigError, formatShape, ShapeError } from '../tensor/index.ts';
import { type Extent, pairOf } from './extent.ts';
import { constant, heNormal } from './initialisers.ts';
import { layerName } from './layer-name.ts';

export interface ConvOptions {
  readonly kernel: Extent;
  /** Default 1. */
  readonly stride?: Extent;
  /** Rows above and below, columns left and right. Default `'same'`: dilation · (kernel − 1) / 2, which keeps the size at stride 1. */
  readonly padding?: Extent | 'same';
  /** Distance between the kernel's taps; default 1. */
  readonly dilation?: Extent;
  /** Channels are convolved in this many separate groups; default 1. */
  readonly groups?: number;
  /** Default false, because a batch norm follows. */
  readonly bias?: boolean;
  /** Default `heNormal`. */
  readonly initial?: Initialiser;
  /** Instead of `conv1`, `conv2`, …. */
  readonly name?: string;
}

/**
 * Convolves x [N, C, H, W] to [N, channels, H', W'] by a parameter `weight` [channels, C / groups, kernelH, kernelW], and adds a
 * `bias` [channels] if asked for.
 * @throws ShapeError where x has not four axes, its channels do not divide into the groups, or the kernel does not fit
 * @throws ConfigError for options that are no sizes
 */
export function conv(x: Value, channels: number, options: ConvOptions): Value {
  const { bias = false, groups = 1, initial = heNormal, name } = options;
  const { shape } = x.type;
  if (shape.length !== 4)
    throw new ShapeError(`conv: expected \`x\` to be [N, C, H, W], but it is ${formatShape(shape)}`);
  for (const [what, n] of Object.entries({ channels, groups }))
    if (!(Number.isSafeInteger(n) && n >= 1))
      throw new ConfigError(`conv: \`${what}\` must be a whole number of at least 1, but is ${n}`);
  const inputs = shape[1] as number;
  if (inputs % groups !== 0)
    throw new ShapeError(`conv: ${inputs} channels of x ${formatShape(shape)} do not divide into ${groups} groups`);

  const kernel = pairOf('conv: `kernel`', options.kernel, 1);
  const dilation = pairOf('conv: `dilation`', options.dilation ?? 1, 1);
  const { padding = 'same' } = options;
  const window = {
    stride: pairOf('conv: `stride`', options.stride ?? 1, 1),
    padding: padding === 'same' ? samePadding(kernel, dilation) : pairOf('conv: `padding`', padding, 0),
    dilation,
    groups,
  };

  const path = layerName(x, 'conv', name);
  const weight = x.graph.entry(`${path}.weight`, [channels, inputs / groups, ...kernel], 'parameter', initial);
  const y = conv2d(x, weight, window);
  if (!bias) return y;
  return add(y, reshape(x.graph.entry(`${path}.bias`, [channels], 'parameter', constant(0)), [channels, 1, 1]));
}

function samePadding(kernel: Pair, dilation: Pair): Pair {
  const padding: Pair = [(dilation[0] * (kernel[0] - 1)) / 2, (dilation[1] * (kernel[1] - 1)) / 2];
  if (!padding.every(Number.isInteger))
    throw new ConfigError(
      `conv: padding 'same' needs an odd kernel, but it is ${kernel.join('×')}`,
      'give the padding as a number',
    );
  return padding;
}
