/**
 * Joins of channels and what is cut out of them, with the padding that stands before and after (see padding/packing.ts): parts whose last
 * block is not full, one behind the other without gaps.
 */
import { type Node, ops, type Value } from '../../../ir/index.ts';
import { readersOf } from './readers.ts';
import type { Unit } from './units.ts';

interface Box {
  readonly axes: readonly number[];
  readonly starts: readonly number[];
  readonly stops: readonly number[];
  readonly steps: readonly number[];
}

/** The first channels of a map. */
export interface Part {
  readonly value: Value;
  readonly channels: number;
}

/** The parts' channels without gaps, then zeros. */
export interface Join extends Unit {
  readonly kind: 'join';
  readonly parts: readonly Part[];
  readonly joined: Value;
}

/** Channels of `x` from `start` on, then zeros. */
export interface Cut extends Unit {
  readonly kind: 'cut';
  readonly x: Value;
  readonly start: number;
  readonly channels: number;
  readonly y: Value;
}

/** Groups by the last of their nodes; `kept` are values that must be there in the end. */
export function groupJoins(nodes: readonly Node[], kept: ReadonlySet<Value>, block: number): Map<Node, Unit> {
  const readers = readersOf(nodes);
  const padded = (value: Value): Node | undefined => {
    const [reader, another] = readers.get(value) ?? [];
    const fillsBlock = reader?.outputs[0]?.type.shape[1] === roomOf(value.type.shape[1] as number);
    return reader && !another && !kept.has(value) && fillsBlock && isPaddingBehind(reader) ? reader : undefined;
  };
  const roomOf = (channels: number) => Math.ceil(channels / block) * block;
  const groups = new Map<Node, Unit>();
  for (const node of nodes) {
    const [own] = node.outputs as [Value];
    const last = padded(own) ?? node;
    const [y] = last.outputs as [Value];
    const cut = isMap(own) && rangeOf(node);
    if (cut) {
      const [x] = node.inputs as [Value];
      if ([x, y].every((value) => fills(value, block))) {
        const unit: Cut = { kind: 'cut', x, ...cut, y, inputs: [x], outputs: [y] };
        groups.set(last, unit);
      }
    }
    if (node.op !== ops.concat || node.attributes.axis !== 1 || !isMap(own)) continue;
    const parts = node.inputs.map((input) => partOf(input, block));
    // whole blocks are joined as other tensors are
    if (last === node && parts.every(({ value, channels }) => channels === value.type.shape[1])) continue;
    if (![y, ...parts.map(({ value }) => value)].every((value) => fills(value, block))) continue;
    const inputs = parts.map(({ value }) => value);
    const unit: Join = { kind: 'join', parts, joined: y, inputs, outputs: [y] };
    groups.set(last, unit);
  }
  return groups;
}

export const isCut = (unit: Unit): unit is Cut => unit.kind === 'cut';

const isMap = ({ type: { shape, dtype } }: Value) => dtype === 'float32' && shape.length === 4;
const fills = ({ type: { shape } }: Value, block: number) => (shape[1] as number) % block === 0;

function isPaddingBehind({ op, attributes }: Node): boolean {
  if (op !== ops.pad) return false;
  const { before, after, between } = attributes as Record<'before' | 'after' | 'between', readonly number[]>;
  return [...before, ...between].every((n) => n === 0) && after.every((n, axis) => n === 0 || axis === 1);
}

/** What a slice takes, if it takes whole maps. */
function rangeOf({ op, attributes }: Node): { readonly start: number; readonly channels: number } | undefined {
  if (op !== ops.slice) return undefined;
  const { axes, starts, stops, steps } = attributes as Box;
  const isOfChannels = axes.length === 1 && axes[0] === 1 && steps[0] === 1;
  return isOfChannels
    ? { start: starts[0] as number, channels: (stops[0] as number) - (starts[0] as number) }
    : undefined;
}

/** Without its padding, if that is cut off here. */
function partOf(value: Value, block: number): Part {
  const node = value.source.kind === 'node' ? value.source.node : undefined;
  const channels = value.type.shape[1] as number;
  const [whole] = node?.inputs ?? [];
  const isPaddingCut =
    node && rangeOf(node)?.start === 0 && whole?.type.shape[1] === Math.ceil(channels / block) * block;
  return isPaddingCut ? { value: whole as Value, channels } : { value, channels };
}
