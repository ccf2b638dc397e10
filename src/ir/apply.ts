/** Making nodes from values, with numbers allowed where a tensor is expected. */
import { ConfigError } from '../tensor/index.ts';
import type { Value } from './graph.ts';
import type { Attributes, OpDefinition } from './op.ts';

/** A value, or a number that stands for a float32 scalar. */
export type Operand = Value | number;

/** The outputs of `op` on these operands; at least one of them must be a value. @throws ShapeError */
export function applyOp(op: OpDefinition, operands: readonly Operand[], attributes?: Attributes): readonly Value[] {
  const first = operands.find((operand) => typeof operand !== 'number');
  if (first === undefined) throw new ConfigError(`${op.name}: expected at least one value, but all inputs are numbers`);
  const inputs = operands.map((operand) => (typeof operand === 'number' ? first.graph.constant(operand) : operand));
  return first.graph.apply(op, inputs, attributes);
}

/** The only output of `op` on these operands. @throws ShapeError */
export function applyOne(op: OpDefinition, operands: readonly Operand[], attributes?: Attributes): Value {
  return applyOp(op, operands, attributes)[0] as Value;
}
