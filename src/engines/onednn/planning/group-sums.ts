/** Sums of scaled tensors, as optimisers have them: read once and written once, however many steps they are written in. */
import { type Node, ops, type Value } from '../../../ir/index.ts';
import { sameShape, sizeOf } from '../../../tensor/index.ts';
import { readersOf } from './readers.ts';
import type { Unit } from './units.ts';

export interface Term {
  readonly value: Value;
  readonly factor: number;
  /** A scalar that is known only at run time, times the factor. */
  readonly scalar?: Value;
}

/** result = Σ factor · scalar · value */
export interface ScaledSum extends Unit {
  readonly kind: 'scaledSum';
  readonly terms: readonly Term[];
  readonly result: Value;
}

/** Vectors are small. */
const isLarge = ({ type: { shape, dtype } }: Value) => shape.length > 1 && dtype === 'float32';
const isScalar = ({ type }: Value) => sizeOf(type.shape) === 1;

/**
 * The new contents of state entries that are sums, by the nodes that make them. With a run-time factor only `entry + scalar · value` is
 * one, since it can be added in place. `kept` are values that something else still reads; nodes of `others` stay theirs.
 */
export function groupSums(
  nodes: readonly Node[],
  updates: ReadonlyMap<string, Value>,
  state: ReadonlyMap<string, Value>,
  kept: ReadonlySet<Value>,
  others: ReadonlyMap<Node, Unit>,
): Map<Node, Unit> {
  const readers = readersOf(nodes);
  const isTaken = ({ source }: Value) => source.kind === 'node' && others.has(source.node);
  const isInner = (value: Value) => !kept.has(value) && !isTaken(value) && readers.get(value)?.length === 1;
  const groups = new Map<Node, Unit>();
  for (const [name, result] of updates) {
    if (!isLarge(result) || result.source.kind !== 'node' || isTaken(result)) continue;
    const terms = termsOf(result, isInner, true);
    const fixed = terms.filter(({ scalar }) => scalar === undefined);
    const isInPlace =
      terms.length === 2 && fixed.length === 1 && fixed[0]?.value === state.get(name) && fixed[0]?.factor === 1;
    const hasOneShape = terms.every(({ value }) => sameShape(value.type.shape, result.type.shape));
    if (terms.length < 2 || !hasOneShape || !(fixed.length === terms.length || isInPlace)) continue;
    const inputs = terms.flatMap(({ value, scalar }) => (scalar ? [value, scalar] : [value]));
    const unit: ScaledSum = { kind: 'scaledSum', terms, result, inputs, outputs: [result] };
    groups.set(result.source.node, unit);
  }
  return groups;
}

function termsOf(value: Value, isInner: (value: Value) => boolean, isResult = false): Term[] {
  const leaf: Term[] = [{ value, factor: 1 }];
  if (value.source.kind !== 'node' || !(isResult || isInner(value))) return leaf;
  const { op, inputs } = value.source.node;
  const [a, b] = inputs as [Value, Value];
  if ((op === ops.add || op === ops.subtract) && sameShape(a.type.shape, b.type.shape)) {
    const sign = op === ops.add ? 1 : -1;
    return [...termsOf(a, isInner), ...termsOf(b, isInner).map((term) => ({ ...term, factor: sign * term.factor }))];
  }
  if (op !== ops.multiply || !isScalar(b) || isScalar(a)) return leaf;
  const inner = termsOf(a, isInner);
  if (b.source.kind === 'constant') {
    const by = Number(b.source.tensor.data[0]);
    return inner.map((term) => ({ ...term, factor: term.factor * by }));
  }
  return inner.length === 1 && inner[0]?.scalar === undefined ? [{ ...(inner[0] as Term), scalar: b }] : leaf;
}
