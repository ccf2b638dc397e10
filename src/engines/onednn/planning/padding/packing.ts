/**
 * Joins without gaps. A dense layer that adds 12 channels would take a block of 16 for them, and each later layer would read a quarter more
 * than there is; packed, four such parts fill three blocks. In a padded program a join then first cuts the padding off its parts, and what
 * is cut out of the whole gets padding of its own.
 */
import { concat, type Node, ops, pad, slice, type Value } from '../../../../ir/index.ts';
import { readersOf } from '../readers.ts';
import { isPointwise } from '../stacks.ts';
import type { Axes } from './axes.ts';

/** The joins of maps, some of which fill no blocks, that convolutions of 1×1 read through a batch norm, and what goes on from those. */
export function joinsToPack(nodes: readonly Node[], block: number): Node[] {
  const readers = readersOf(nodes);
  const readersOfOne = (value: Value) => readers.get(value) ?? [];
  const isReadByPoints = (joined: Value) =>
    readersOfOne(joined)
      .filter(({ op }) => op === ops.normalise)
      .flatMap(({ outputs: [y] }) => readersOfOne(y as Value))
      .flatMap((node) => (node.op === ops.relu ? [node, ...readersOfOne(node.outputs[0] as Value)] : [node]))
      .some(isPointwise);
  const joins = new Set<Value>();
  const packed = new Map<Value, Node>();
  for (const node of nodes) {
    const { op, inputs, outputs, attributes } = node;
    const [first] = inputs;
    if (op !== ops.concat || attributes.axis !== 1 || first?.type.shape.length !== 4) continue;
    const isPieced = inputs.some(({ type }) => (type.shape[1] as number) % block !== 0);
    const [joined] = outputs as [Value];
    joins.add(joined);
    const begins = isPieced && !joins.has(first) && isReadByPoints(joined);
    if (begins || packed.has(first)) packed.set(joined, node);
  }
  return [...packed.values()];
}

/** Whether it joins to an axis without gaps, or cuts from one. */
export function isRepacked({ op, inputs, outputs, attributes }: Node, axes: Axes): boolean {
  if (op === ops.concat) return axes.isPacked(outputs[0] as Value, attributes.axis);
  const [x] = inputs;
  return (
    op === ops.slice && (attributes.axes as number[]).some((axis, i) => isCutAt(x as Value, attributes, i, axis, axes))
  );
}

const isCutAt = (x: Value, { starts, stops }: Node['attributes'], i: number, axis: number, axes: Axes) =>
  axes.isPacked(x, axis) && !(starts[i] === 0 && stops[i] === x.type.shape[axis]);

/** The padded stand-in of such a node, made of those of its inputs. */
export function repack({ op, inputs, outputs, attributes }: Node, standIns: readonly Value[], axes: Axes): Value {
  const [y] = outputs as [Value];
  if (op === ops.concat) {
    const { axis } = attributes;
    const parts = standIns.map((part, i) => cutTo(part, axis, (inputs[i] as Value).type.shape[axis] as number));
    return padTo(concat(parts, axis), axes.paddedShape(y));
  }
  return padTo(slice(standIns[0] as Value, attributes as Parameters<typeof slice>[1]), axes.paddedShape(y));
}

const cutTo = (x: Value, axis: number, extent: number) =>
  x.type.shape[axis] === extent ? x : slice(x, { axes: [axis], starts: [0], stops: [extent] });

/** Zeros behind `x`, up to this shape. */
export function padTo(x: Value, shape: readonly number[]): Value {
  const after = shape.map((extent, axis) => extent - (x.type.shape[axis] as number));
  const none = shape.map(() => 0);
  return after.every((n) => n === 0) ? x : pad(x, { before: none, after, between: none });
}
