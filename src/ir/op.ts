/** What an op is: one record with everything that the rest of Skein asks about it. */
import type { Dtype, Shape } from '../tensor/index.ts';
import type { Value } from './graph.ts';
import type { Window } from './ops/window.ts';

/** The static type of a value. */
export interface TensorType {
  readonly dtype: Dtype;
  readonly shape: Shape;
}

/** What the evaluator computes on: every dtype as float64. */
export interface Array64 {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/** One `T` for each name; a single name like `'...xs'` stands for any number of inputs. */
export type Each<Names extends readonly string[], T> = Names extends readonly [`...${string}`]
  ? readonly T[]
  : { readonly [K in keyof Names]: T };

/** Plain JSON, so that a graph can be written to a file. */
// biome-ignore lint/suspicious/noExplicitAny: the attributes of "some op" are known only to that op
export type Attributes = any;

export interface GradientContext<Inputs extends readonly string[], Outputs extends readonly string[], A> {
  readonly inputs: Each<Inputs, Value>;
  readonly outputs: Each<Outputs, Value>;
  /** The gradient of the loss by each output. */
  readonly cotangents: Each<Outputs, Value>;
  readonly attributes: A;
  /** Which of the inputs is asked for; matters where one rule serves many (`'...xs'`). */
  readonly index: number;
}

/**
 * Builds the gradient by one input. It may have the shape that the output's cotangent has: broadcasting is undone by autodiff.
 * `'none'`: the output does not depend on this input smoothly (labels, conditions). `'unsupported'`: asking for it is an error.
 */
export type GradientRule<Inputs extends readonly string[], Outputs extends readonly string[], A> =
  | ((context: GradientContext<Inputs, Outputs, A>) => Value)
  | 'none'
  | 'unsupported';

/**
 * Shape and content of one input of a sample: normal numbers, those with negative ones set to 0, positive ones (0.5 to 2), normal ones
 * about a mean, or integers.
 */
export type SampleInput =
  | Shape
  | { readonly shape: Shape; readonly values: 'normal' | 'rectified' | 'positive' }
  | { readonly shape: Shape; readonly values: { readonly mean: number; readonly deviation: number } }
  | { readonly shape: Shape; readonly values: { readonly integersBelow: number }; readonly dtype: Dtype };

/** Shapes, contents and attributes that an op is tried with. */
export interface Sample<A> {
  readonly inputs: readonly SampleInput[];
  readonly attributes: A;
  /** What float32 may be off by, added to 1e-5 of the result; default 1e-5. For numbers that are far from 1. */
  readonly absolute?: number;
}

export interface OpDefinition<
  Name extends string = string,
  // biome-ignore lint/suspicious/noExplicitAny: variance; "some op" accepts whatever its own record says
  Inputs extends readonly string[] = any,
  // biome-ignore lint/suspicious/noExplicitAny: see above
  Outputs extends readonly string[] = any,
  A = Attributes,
> {
  readonly name: Name;
  readonly inputs: Inputs;
  readonly outputs: Outputs;
  /** One type for each output, from the input types. @throws ShapeError */
  infer(inputs: Each<Inputs, TensorType>, attributes: A): readonly TensorType[];
  /** The meaning, in plain float64 loops: fills `outputs`, which arrive as zeros. */
  evaluate(inputs: Each<Inputs, Array64>, outputs: Each<Outputs, Array64>, attributes: A): void;
  readonly gradient: { readonly [input in Inputs[number]]: GradientRule<Inputs, Outputs, A> };
  /** Multiply-adds, where the op is one that the papers count (convolutions and matrix products); bytes follow from the types. */
  macs?(inputs: Each<Inputs, TensorType>, outputs: Each<Outputs, TensorType>, attributes: A): number;
  /** Where the op only scales and shifts each channel of its first input: by these numbers [C]. */
  affine?(inputs: Each<Inputs, Value>, attributes: A): { readonly scale: Value; readonly shift: Value };
  /** The same result with each channel times `scale` [C], by scaling a weight instead. */
  scaleChannels?(inputs: Each<Inputs, Value>, scale: Value, attributes: A): Value;
  /** Whether op(op(a, b), c) is op(a, b, c). */
  readonly isAssociative?: true;
  /** Whether the result is the first input's memory under another shape or name. */
  readonly isView?: true;
  /**
   * May the backward pass compute it again instead of keeping its result? `'dense'`: already in a memory-efficient dense block, because
   * its results there grow with the square of the depth (Pleiss et al. 2017, arXiv 1707.06990, §3). `'cheap'`: where it is asked to save more.
   */
  readonly recompute: 'dense' | 'cheap' | 'never';
  /**
   * Where the op works on maps [N, C, H, W]: the window on input `index` that a pixel of the output sees. Absent, or undefined, where that
   * is no window of a size of its own, such as for a sum over the whole map.
   */
  window?(inputs: Each<Inputs, TensorType>, attributes: A, index: number): Window | undefined;
  /** What the conformance suite tries. */
  readonly samples: readonly Sample<A>[];
}

/** Checks a record's types and returns it as it is. */
export function defineOp<
  const Name extends string,
  const Inputs extends readonly string[],
  const Outputs extends readonly string[],
  A = Record<string, never>,
>(definition: OpDefinition<Name, Inputs, Outputs, A>): OpDefinition<Name, Inputs, Outputs, A> {
  return definition;
}
