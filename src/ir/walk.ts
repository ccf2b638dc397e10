/** One way over a graph for all who need something of each value: what stands for it, its content, its number. */
import type { Node, Value } from './graph.ts';

/** What a walk finds for values. */
export interface Walk<T> {
  /** For a leaf; asked once for each, where it is first read. */
  readonly leaf: (leaf: Value) => T;
  /** One for each output, given what was found for the inputs, and for any value before. */
  readonly node: (node: Node, inputs: readonly T[], found: (value: Value) => T) => readonly T[];
}

/** Goes over `nodes`, which stand in topological order, after the leaves that come `first`; tells what it found for a value. */
export function walk<T>(nodes: Iterable<Node>, rules: Walk<T>, first: Iterable<Value> = []): (value: Value) => T {
  const known = new Map<Value, T>();
  const found = (value: Value): T => {
    if (known.has(value)) return known.get(value) as T;
    const fresh = rules.leaf(value);
    known.set(value, fresh);
    return fresh;
  };
  for (const leaf of first) found(leaf);
  for (const node of nodes) {
    const outputs = rules.node(node, node.inputs.map(found), found);
    node.outputs.forEach((output, i) => {
      known.set(output, outputs[i] as T);
    });
  }
  return found;
}

/** Each value's number: the leaves that come `first`, then those that `nodes` read, then `last`, then what the nodes make. */
export function numberValues(
  nodes: readonly Node[],
  { first = [], last }: { readonly first?: readonly Value[]; readonly last: readonly Value[] },
): { readonly leaves: readonly Value[]; readonly number: (value: Value) => number } {
  const read = [...first, ...nodes.flatMap(({ inputs }) => inputs), ...last];
  const leaves = [...new Set(read.filter(({ source }) => source.kind !== 'node'))];
  const numbers = new Map([...leaves, ...nodes.flatMap(({ outputs }) => outputs)].map((value, at) => [value, at]));
  return { leaves, number: (value) => numbers.get(value) as number };
}
