/**
 * What stands in the padding of each tensor. Padded programs compute the same only where zeros meet nothing that makes them count, so
 * this is worked out op by op, on one number that stands for all of them.
 */
import type { Node, OpName, Value } from '../../../../ir/index.ts';
import { type Axes, UnfitAxes } from './axes.ts';
import { isRepacked } from './packing.ts';

/** The number in a tensor's padding; undefined: not known, or not one number. */
export type PadValue = number | undefined;

type Rule = (values: readonly PadValue[], node: Node, axes: Axes) => readonly PadValue[];

const pointwise =
  (compute: (a: number, b: number) => number): Rule =>
  ([a, b], { inputs }) => {
    if (a !== undefined && (b !== undefined || inputs.length === 1)) return [compute(a, b ?? 0)];
    return [undefined];
  };

const ifAll =
  (expected: number, result: readonly PadValue[]): Rule =>
  (values) =>
    values.every((value) => value === expected) ? result : result.map(() => undefined);

/** Zero where the input with this number is. */
const zeroBy =
  (index: number): Rule =>
  (values, { outputs }) =>
    outputs.map(() => (values[index] === 0 ? 0 : undefined));

const same: Rule = (values, { outputs }) => outputs.map(() => (new Set(values).size === 1 ? values[0] : undefined));

const rules: { readonly [op in OpName]?: Rule } = {
  add: pointwise((a, b) => a + b),
  subtract: pointwise((a, b) => a - b),
  multiply: ([a, b]) => [a === 0 || b === 0 ? 0 : a !== undefined && b !== undefined ? a * b : undefined],
  divide: pointwise((a, b) => a / b),
  sqrt: pointwise(Math.sqrt),
  sigmoid: pointwise((a) => 1 / (1 + Math.exp(-a))),
  relu: pointwise((a) => Math.max(a, 0)),
  reluGradient: zeroBy(1),
  waitFor: ([x]) => [x],
  conv2d: zeroBy(1),
  conv2dInputGradient: zeroBy(1),
  conv2dWeightGradient: ifAll(0, [0]),
  batchStatistics: ifAll(0, [0, 0]),
  normalise: ([x, mean, variance, weight, bias], { attributes: { epsilon } }) => {
    if (x === undefined || mean === undefined || weight === undefined || bias === undefined) return [undefined];
    const spread = variance === undefined ? Number.NaN : Math.sqrt(variance + epsilon);
    // beside a spread of 0 even nothing is not a number
    return [x === mean || weight === 0 ? (spread === 0 ? undefined : bias) : ((x - mean) / spread) * weight + bias];
  },
  normaliseSums: ([, , dy]) => (dy === 0 ? [0, 0] : [undefined, undefined]),
  maxPool2d: zeroBy(0),
  maxPool2dGradient: zeroBy(1),
  averagePool2d: zeroBy(0),
  averagePool2dGradient: zeroBy(0),
  concat: same,
  slice: same,
  reshape: same,
  transpose: same,
  broadcastTo: same,
  sum: zeroBy(0),
  sumOfSquares: ifAll(0, [0]),
  matmul: ([a, b]) => [a === 0 && b === 0 ? 0 : undefined],
};

/** The numbers in the padding of `node`'s outputs. @throws UnfitAxes where a padded tensor would hold something unknown */
export function padValuesOf(node: Node, values: readonly PadValue[], axes: Axes): readonly PadValue[] {
  if (![...node.inputs, ...node.outputs].some((value) => hasPadding(value, axes)))
    return node.outputs.map(() => undefined);
  const rule = rules[node.op.name as OpName];
  if (isRepacked(node, axes)) return [0];
  const seen = node.inputs.map((input, i) => inPaddingOf(node, input, values[i], axes));
  const found = rule?.(seen, node, axes) ?? [];
  node.outputs.forEach((output, i) => {
    if (hasPadding(output, axes) && !Number.isFinite(found[i]))
      throw new UnfitAxes(`${node.op.name} has unknown numbers in its padding`);
  });
  const isSummed = node.op.name === 'sumOfSquares' || node.op.name === 'matmul';
  if (isSummed && found[0] !== 0) throw new UnfitAxes(`${node.op.name} would sum over padding that is not 0`);
  return found;
}

const elementwise: ReadonlySet<string> = new Set(['add', 'subtract', 'multiply', 'divide', 'reluGradient']);

/** What of an input meets the padding of the output: an axis that is repeated meets it with its own numbers. */
function inPaddingOf({ op, outputs }: Node, input: Value, value: PadValue, axes: Axes): PadValue {
  const { source } = input;
  if (source.kind === 'constant' && isFilled(source.tensor.data)) return Number(source.tensor.data[0]);
  if (!elementwise.has(op.name)) return hasPadding(input, axes) ? value : 0;
  const [output] = outputs as [Value];
  const ahead = output.type.shape.length - input.type.shape.length;
  const isRepeated = output.type.shape.some(
    (extent, axis) => axes.isPadded(output, axis) && input.type.shape[axis - ahead] !== extent,
  );
  return isRepeated ? undefined : value;
}

const isFilled = (data: ArrayLike<unknown>) => Array.prototype.every.call(data, (number) => number === data[0]);

const hasPadding = (value: Value, axes: Axes): boolean =>
  value.type.shape.some((_, axis) => axes.isPadded(value, axis));
