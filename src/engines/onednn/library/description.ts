/** What primitives can be asked for. Names and meanings are oneDNN's; axes of images are batch, channels, height, width. */
import type { Layout, Primitive } from './library.ts';

export type DataType = 'f16' | 'bf16' | 'f32' | 's32' | 's8' | 'u8';

/** `source0`, `source1`, … feed sum and concat; `postOp0`, … feed binary post-ops, numbered by their place in `postOps`. */
export type ArgumentName =
  | 'src'
  | 'src1'
  | 'weights'
  | 'bias'
  | 'dst'
  | 'mean'
  | 'variance'
  | 'scale'
  | 'shift'
  | 'workspace'
  | 'scratchpad'
  | 'diffSrc'
  | 'diffDst'
  | 'diffWeights'
  | 'diffBias'
  | 'diffScale'
  | 'diffShift'
  | `source${number}`
  | `postOp${number}`;

/** With y the output where none is named: relu slope alpha, linear alpha·x + beta, clip to [alpha, beta], pow alpha·x^beta. */
export type EltwiseAlgorithm =
  | 'relu'
  | 'tanh'
  | 'elu'
  | 'square'
  | 'abs'
  | 'sqrt'
  | 'linear'
  | 'softRelu'
  | 'logistic'
  | 'exp'
  | 'log'
  | 'clip'
  | 'pow'
  | 'round'
  /** The backward pass of these reads the output instead of the input. */
  | 'reluByDst'
  | 'tanhByDst'
  | 'eluByDst'
  | 'sqrtByDst'
  | 'logisticByDst'
  | 'expByDst';

export type BinaryAlgorithm = 'add' | 'mul' | 'max' | 'min' | 'div' | 'sub' | 'ge' | 'gt' | 'le' | 'lt' | 'eq' | 'ne';
export type PoolingAlgorithm = 'max' | 'averageIncludePadding' | 'averageExcludePadding';
export type ReductionAlgorithm = 'max' | 'min' | 'sum' | 'mul' | 'mean' | 'normLpSum' | 'normLpPowerPSum';

/** Done to the result before it is stored, in order. */
export type PostOp =
  /** Adds `scale` times what stood in dst. */
  | { readonly kind: 'sum'; readonly scale?: number }
  | {
      readonly kind: 'eltwise';
      readonly algorithm: EltwiseAlgorithm;
      readonly alpha?: number;
      readonly beta?: number;
    }
  | { readonly kind: 'binary'; readonly algorithm: BinaryAlgorithm; readonly layout: Layout };

interface Common {
  readonly postOps?: readonly PostOp[];
}

type Forward = 'forwardTraining' | 'forwardInference';

interface Window {
  /** One for each spatial axis. */
  readonly strides: readonly number[];
  readonly padding: { readonly before: readonly number[]; readonly after: readonly number[] };
}

/** Weights are [out, in, height, width], or [groups, out, in, height, width] of one group. */
interface ConvolutionWindow extends Window {
  /** Distance of the taps minus one: 0, the default, is a plain convolution. */
  readonly dilation?: readonly number[];
  readonly algorithm?: 'direct' | 'winograd' | 'auto';
}

export interface ConvolutionForward extends Common, ConvolutionWindow {
  readonly kind: 'convolution';
  readonly pass: Forward;
  readonly src: Layout;
  readonly weights: Layout;
  readonly bias?: Layout;
  readonly dst: Layout;
}

export interface ConvolutionBackwardData extends Common, ConvolutionWindow {
  readonly kind: 'convolution';
  readonly pass: 'backwardData';
  readonly diffSrc: Layout;
  readonly weights: Layout;
  readonly diffDst: Layout;
  readonly forward?: Primitive;
}

export interface ConvolutionBackwardWeights extends Common, ConvolutionWindow {
  readonly kind: 'convolution';
  readonly pass: 'backwardWeights';
  readonly src: Layout;
  readonly diffWeights: Layout;
  readonly diffBias?: Layout;
  readonly diffDst: Layout;
  readonly forward?: Primitive;
}

interface BatchNormalization extends Common {
  readonly kind: 'batchNormalization';
  readonly epsilon: number;
  /** Mean and variance are inputs, and constants for the gradient. */
  readonly useGlobalStatistics?: boolean;
  readonly useScale?: boolean;
  readonly useShift?: boolean;
  /** In training this needs a workspace, which the backward pass reads. */
  readonly fuseRelu?: boolean;
}

/** Scale, shift, mean and variance are float32 [channels]; the variance is the biased one. */
export interface BatchNormalizationForward extends BatchNormalization {
  readonly pass: Forward;
  readonly src: Layout;
  readonly dst: Layout;
}

/** `backward` also gives diffScale and diffShift; `backwardData` does not. */
export interface BatchNormalizationBackward extends BatchNormalization {
  readonly pass: 'backward' | 'backwardData';
  readonly src: Layout;
  readonly diffSrc: Layout;
  readonly diffDst: Layout;
  readonly forward: Primitive;
}

interface Pooling extends Common, Window {
  readonly kind: 'pooling';
  readonly algorithm: PoolingAlgorithm;
  readonly kernel: readonly number[];
}

/** Training a maximum needs a workspace, which the backward pass reads. */
export interface PoolingForward extends Pooling {
  readonly pass: Forward;
  readonly src: Layout;
  readonly dst: Layout;
}

export interface PoolingBackward extends Pooling {
  readonly pass: 'backward';
  readonly diffSrc: Layout;
  readonly diffDst: Layout;
  readonly forward: Primitive;
}

interface Eltwise extends Common {
  readonly kind: 'eltwise';
  readonly algorithm: EltwiseAlgorithm;
  readonly alpha?: number;
  readonly beta?: number;
}

export interface EltwiseForward extends Eltwise {
  readonly pass: Forward;
  readonly src: Layout;
  readonly dst: Layout;
}

export interface EltwiseBackward extends Eltwise {
  readonly pass: 'backward';
  /** The forward pass's input, or its output for the algorithms `…ByDst`. */
  readonly data: Layout;
  readonly diffSrc: Layout;
  readonly diffDst: Layout;
  readonly forward?: Primitive;
}

export interface InnerProductForward extends Common {
  readonly kind: 'innerProduct';
  readonly pass: Forward;
  readonly src: Layout;
  readonly weights: Layout;
  readonly bias?: Layout;
  readonly dst: Layout;
}

export interface InnerProductBackwardData extends Common {
  readonly kind: 'innerProduct';
  readonly pass: 'backwardData';
  readonly diffSrc: Layout;
  readonly weights: Layout;
  readonly diffDst: Layout;
  readonly forward?: Primitive;
}

export interface InnerProductBackwardWeights extends Common {
  readonly kind: 'innerProduct';
  readonly pass: 'backwardWeights';
  readonly src: Layout;
  readonly diffWeights: Layout;
  readonly diffBias?: Layout;
  readonly diffDst: Layout;
  readonly forward?: Primitive;
}

/** Axes of `src1` that are 1 are repeated; results of comparisons are 0 and 1. */
export interface Binary extends Common {
  readonly kind: 'binary';
  readonly algorithm: BinaryAlgorithm;
  readonly src: Layout;
  readonly src1: Layout;
  readonly dst: Layout;
}

export interface Sum extends Common {
  readonly kind: 'sum';
  readonly sources: readonly Layout[];
  readonly scales: readonly number[];
  readonly dst: Layout;
}

export interface Concat extends Common {
  readonly kind: 'concat';
  readonly axis: number;
  readonly sources: readonly Layout[];
  readonly dst: Layout;
}

export interface Reorder extends Common {
  readonly kind: 'reorder';
  readonly src: Layout;
  readonly dst: Layout;
}

/** [m, k] · [k, n], with any number of equal batch axes before; a transposed matrix is one with other strides. */
export interface Matmul extends Common {
  readonly kind: 'matmul';
  readonly src: Layout;
  readonly weights: Layout;
  readonly bias?: Layout;
  readonly dst: Layout;
}

/** Reduces the axes that are 1 in `dst`. `p` is the power of the norms. */
export interface Reduction extends Common {
  readonly kind: 'reduction';
  readonly algorithm: ReductionAlgorithm;
  readonly src: Layout;
  readonly dst: Layout;
  readonly p?: number;
  readonly epsilon?: number;
}

export interface Softmax extends Common {
  readonly kind: 'softmax';
  readonly pass: Forward;
  readonly algorithm: 'accurate' | 'log';
  readonly axis: number;
  readonly src: Layout;
  readonly dst: Layout;
}

export type PrimitiveDescription =
  | ConvolutionForward
  | ConvolutionBackwardData
  | ConvolutionBackwardWeights
  | BatchNormalizationForward
  | BatchNormalizationBackward
  | PoolingForward
  | PoolingBackward
  | EltwiseForward
  | EltwiseBackward
  | InnerProductForward
  | InnerProductBackwardData
  | InnerProductBackwardWeights
  | Binary
  | Sum
  | Concat
  | Reorder
  | Matmul
  | Reduction
  | Softmax;
