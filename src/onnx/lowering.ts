/** What it takes to write one op in ONNX. */
import type { Node, OpName } from '../ir/index.ts';
import type { Shape } from '../tensor/index.ts';
import type { OnnxBuilder } from './builder.ts';

/** Where a lowering stands: the node it writes, the names of its inputs, and the names that its outputs must get. */
export interface LoweringContext {
  readonly onnx: OnnxBuilder;
  readonly node: Node;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export type OnnxLowering = (context: LoweringContext) => void;
/** One entry for every op: a missing one is a compile error. */
export type OnnxLowerings = { readonly [op in OpName]: OnnxLowering };

export type ImageShape = readonly [batch: number, channels: number, height: number, width: number];

/** The shape of a node's input. */
export function inputShape(node: Node, index: number): Shape {
  return node.inputs[index]?.type.shape ?? [];
}

/** The shape of an input that its op guarantees to have four axes. */
export function imageShape(node: Node, index: number): ImageShape {
  return inputShape(node, index) as ImageShape;
}
