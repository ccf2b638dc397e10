/** A program made again, node by node, in a graph of its own: what passes over programs are written with. */
import { ConfigError } from '../tensor/index.ts';
import { Graph, type Node, type Value } from './graph.ts';
import { defineProgram, liveNodes, type Program } from './program.ts';
import { atScope } from './scope.ts';
import { walk } from './walk.ts';

/** What a pass changes; it leaves the rest as it is. */
export interface Rewrite {
  /** What stands for a leaf; undefined: the same kind of leaf. */
  readonly leaf?: (graph: Graph, leaf: Value) => Value | undefined;
  /** What stands for a node's outputs, given what stands for its inputs; undefined: the same op on those. */
  readonly node?: (
    node: Node,
    inputs: readonly Value[],
    standIn: (value: Value) => Value,
  ) => readonly Value[] | undefined;
}

/** The nodes that `program`'s results depend on, rewritten. Inputs and state keep their names and order, used or not. */
export function rebuild(program: Program, { leaf, node: rewriteNode }: Rewrite): Program {
  const { training, frozen, ranks } = program.graph;
  const graph = new Graph({ training, frozen, ranks });
  const standIn = walk<Value>(
    liveNodes(program),
    {
      leaf: (value) => leaf?.(graph, value) ?? sameLeaf(graph, value),
      node: (node, inputs, before) =>
        atScope(node.scope, () => rewriteNode?.(node, inputs, before) ?? graph.apply(node.op, inputs, node.attributes)),
    },
    [...program.graph.inputs.values(), ...program.graph.state.values()],
  );
  const standIns = (named: ReadonlyMap<string, Value>) =>
    new Map([...named].map(([name, value]) => [name, standIn(value)]));
  return defineProgram({
    name: program.name,
    graph,
    outputs: standIns(program.outputs),
    updates: standIns(program.updates),
    ...(program.guard && { guard: standIn(program.guard) }),
    ...(program.frozen && { frozen: true }),
    ...(program.savesMemory && { savesMemory: true }),
  });
}

/** The same kind of leaf, in another graph. */
export function sameLeaf(graph: Graph, { source, type }: Value): Value {
  switch (source.kind) {
    case 'input':
      return graph.input(source.name, type, source.provide === undefined ? {} : { provide: source.provide });
    case 'state':
      return graph.entry(
        source.name,
        type.shape,
        source.role,
        source.initial,
        source.like === undefined ? {} : { like: source.like },
      );
    case 'constant':
      return graph.constant(source.tensor);
    case 'node':
      throw new ConfigError(`rebuild: ${source.node.op.name} is read before it is made`);
  }
}
