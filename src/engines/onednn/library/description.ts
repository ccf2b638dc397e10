/** Primitives, and what they can be asked for. Names and meanings are oneDNN's; axes of images are batch, channels, height, width. */
import type { Layout } from './layout.ts';

/** `source0`, `source1`, … feed sum and concat. */
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
  | 'diffScale'
  | 'diffShift'
  | `source${number}`;

/** Relu has slope alpha below 0, linear is alpha·x + beta. */
export type EltwiseAlgorithm = 'relu' | 'linear' | 'logistic';

export type BinaryAlgorithm = 'add' | 'sub' | 'mul' | 'div';
export type PoolingAlgorithm = 'max' | 'averageIncludePadding';

/** Done to the result before it is stored, in order. */
export type PostOp =
  /** Adds what stood in dst. */
  | { readonly kind: 'sum' }
  | {
      readonly kind: 'eltwise';
      readonly algorithm: EltwiseAlgorithm;
      readonly alpha?: number;
      readonly beta?: number;
    };

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

export interface BatchNormalizationBackward extends BatchNormalization {
  readonly pass: 'backward';
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
  readonly alpha?: number;
  readonly beta?: number;
}

export interface EltwiseForward extends Eltwise {
  readonly pass: 'forwardInference';
  readonly algorithm: EltwiseAlgorithm;
  readonly src: Layout;
  readonly dst: Layout;
}

export interface EltwiseBackward extends Eltwise {
  readonly pass: 'backward';
  readonly algorithm: 'reluByDst';
  /** The forward pass's output. */
  readonly data: Layout;
  readonly diffSrc: Layout;
  readonly diffDst: Layout;
}

/** Weights are [out, in]. */
export interface InnerProduct extends Common {
  readonly kind: 'innerProduct';
  readonly pass: 'forwardInference';
  readonly src: Layout;
  readonly weights: Layout;
  readonly dst: Layout;
}

/** Axes of `src1` that are 1 are repeated. */
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

/** [m, k] · [k, n]; a transposed matrix is one with other strides. */
export interface Matmul extends Common {
  readonly kind: 'matmul';
  readonly src: Layout;
  readonly weights: Layout;
  readonly bias?: Layout;
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
  | InnerProduct
  | Binary
  | Sum
  | Concat
  | Reorder
  | Matmul;

/** An operation, compiled for its shapes and layouts. */
export interface Primitive {
  readonly description: PrimitiveDescription;
  /** What the library chose, such as `jit:avx512_core`; one that contains `ref` is very slow. */
  readonly implementation: string;
  /** Everything a call must bring. */
  readonly arguments: readonly ArgumentName[];
  /** The layout of an argument, settled where the description said `any`; undefined where the primitive has none. */
  layout(argument: ArgumentName): Layout | undefined;
  /** Also ends its calls. Twice is harmless. */
  destroy(): void;
}
