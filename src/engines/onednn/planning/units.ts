/**
 * What is computed together: single nodes, and the groups of nodes that one primitive does at once. A group is recognised by building
 * what it must compute with the ops' own rules: in a graph equal nodes are the same node, so what was found is what was meant.
 */
import { type Node, ops, type Value } from '../../../ir/index.ts';

/** Nodes that are computed at once. */
export interface Unit {
  readonly kind: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

export interface NodeUnit extends Unit {
  readonly kind: 'node';
  readonly node: Node;
}

export const unitOf = (node: Node): NodeUnit => ({ kind: 'node', node, inputs: node.inputs, outputs: node.outputs });

/** A reduction over all ranks; never part of a group. */
export const isReduction = (unit: Unit): unit is NodeUnit =>
  unit.kind === 'node' && (unit as NodeUnit).node.op === ops.allReduce;

/**
 * The units that `wanted` depends on, in an order in which they can run. A value that two units give is the group's. Reductions keep their order,
 * whatever groups there are: ranks with other numbers of images have others.
 */
export function arrangeUnits(units: readonly Unit[], wanted: readonly Value[]): Unit[] {
  const maker = new Map<Value, Unit>();
  for (const unit of [...units.filter(({ kind }) => kind !== 'node'), ...units])
    for (const output of unit.outputs) if (!maker.has(output)) maker.set(output, unit);
  const live = new Set<Unit>();
  const open = [...wanted];
  for (let value = open.pop(); value; value = open.pop()) {
    const unit = maker.get(value);
    if (!unit || live.has(unit)) continue;
    live.add(unit);
    open.push(...unit.inputs);
  }
  const reductions = units.filter((unit) => isReduction(unit) && live.has(unit));
  const earlier = new Map(reductions.map((unit, i) => [unit, reductions[i - 1]]));
  const done = new Set<Unit>();
  const arranged: Unit[] = [];
  const visit = (unit: Unit) => {
    if (done.has(unit)) return;
    done.add(unit);
    const reduction = earlier.get(unit);
    if (reduction) visit(reduction);
    for (const input of unit.inputs) {
      const before = maker.get(input);
      if (before) visit(before);
    }
    arranged.push(unit);
  };
  for (const unit of units) if (live.has(unit)) visit(unit);
  return arranged;
}
