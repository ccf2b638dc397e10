/** Where a network's paths part and join again: every shortcut is found from the graph, whatever built it. */
import type { Node, Value } from './graph.ts';

/**
 * How a value goes around other layers: unchanged into a sum; through layers with parameters; through layers without; into a
 * concatenation; or into any other join, such as the product of squeeze and excitation.
 */
export type ConnectionKind = 'identity' | 'projection' | 'padding' | 'concat' | 'inner';

/** A way around the longest path between two layers, named by their paths. */
export interface Connection {
  readonly kind: ConnectionKind;
  /** The layer whose result takes both ways; '' for the network's input. */
  readonly from: string;
  /** The layer that joins them. */
  readonly to: string;
  /** Layers on the way around, in order. */
  readonly through: readonly string[];
}

/** A layer that reads what another has added to a growing concatenation. */
export interface DenseEdge {
  readonly from: string;
  readonly to: string;
}

/** A node's fed inputs by their nodes; undefined stands for the network's input. */
type Sources = ReadonlyMap<Node, readonly (Node | undefined)[]>;

/** All connections of these nodes, in the order of their joins. */
export function connectionsOf(nodes: readonly Node[], pathOf: (node: Node) => string): Connection[] {
  const sources = sourcesOf(nodes);
  const fork = forksOf(sources);
  const order = new Map(nodes.map((node, at) => [node, at]));
  const found: Connection[] = [];
  for (const [join, inputs] of sources) {
    if (inputs.length < 2) continue;
    const from = fork.get(join);
    const ways = inputs.map((end) => between(from, end, sources)).sort((a, b) => b.size - a.size);
    const [main, ...others] = ways as [Set<Node>, ...Set<Node>[]];
    for (const way of others) {
      const around = [...way].filter((node) => !main.has(node));
      around.sort((a, b) => (order.get(a) as number) - (order.get(b) as number));
      const [start, to] = [from ? pathOf(from) : '', pathOf(join)];
      const through = [...new Set(around.map(pathOf))].filter((path) => path !== to);
      if (start !== to) found.push({ kind: kindOf(join, around), from: start, to, through });
    }
  }
  return found;
}

function kindOf(join: Node, around: readonly Node[]): ConnectionKind {
  if (join.op.name === 'concat') return 'concat';
  if (join.op.name !== 'add') return 'inner';
  if (around.length === 0) return 'identity';
  return around.some(({ inputs }) => inputs.some(({ source }) => source.kind === 'state')) ? 'projection' : 'padding';
}

function sourcesOf(nodes: readonly Node[]): Sources {
  const sources = new Map<Node, readonly (Node | undefined)[]>();
  for (const node of nodes) {
    const fed = node.inputs.flatMap(({ source }) => {
      if (source.kind === 'input') return [undefined];
      return source.kind === 'node' && sources.has(source.node) ? [source.node] : [];
    });
    if (fed.length > 0) sources.set(node, [...new Set(fed)]);
  }
  return sources;
}

/** The last node that every path to a node passes before it: its immediate dominator (Cooper et al. 2001, Figure 3). */
function forksOf(sources: Sources): ReadonlyMap<Node, Node | undefined> {
  const fork = new Map<Node, Node | undefined>();
  const depth = new Map<Node | undefined, number>([[undefined, 0]]);
  for (const [node, inputs] of sources) {
    let common = inputs[0];
    for (let other of inputs.slice(1))
      while (common !== other) {
        if ((depth.get(common) as number) >= (depth.get(other) as number)) common = fork.get(common as Node);
        else other = fork.get(other as Node);
      }
    fork.set(node, common);
    depth.set(node, (depth.get(common) as number) + 1);
  }
  return fork;
}

/** The nodes on the way from a fork to one of a join's inputs, that input's node included; none where it is the fork itself. */
function between(fork: Node | undefined, end: Node | undefined, sources: Sources): Set<Node> {
  const way = new Set<Node>();
  const open = [end];
  while (open.length > 0) {
    const node = open.pop();
    if (node === undefined || node === fork || way.has(node)) continue;
    way.add(node);
    open.push(...(sources.get(node) ?? []));
  }
  return way;
}

/** Who reads whom in chains of concatenations that keep all that was there before: the connections of dense blocks. */
export function denseEdgesOf(nodes: readonly Node[], pathOf: (node: Node) => string): DenseEdge[] {
  const sources = sourcesOf(nodes);
  const fork = forksOf(sources);
  const grows = (node: Node) => node.op.name === 'concat' && (sources.get(node) ?? []).includes(fork.get(node));
  const known = new Map<Value, readonly string[]>();
  const partsOf = (value: Value): readonly string[] => {
    const { source } = value;
    if (source.kind !== 'node') return source.kind === 'input' ? [''] : [];
    const parts =
      known.get(value) ?? (grows(source.node) ? source.node.inputs.flatMap(partsOf) : [pathOf(source.node)]);
    known.set(value, parts);
    return parts;
  };
  const edges = new Map<string, DenseEdge>();
  const add = (from: string, to: string) => edges.set(JSON.stringify([from, to]), { from, to });
  for (const [node, inputs] of sources) {
    const start = fork.get(node);
    if (!grows(node))
      for (const input of node.inputs) {
        const { source } = input;
        if (source.kind === 'node' && grows(source.node)) for (const part of partsOf(input)) add(part, pathOf(node));
      }
    else if (start === undefined || !grows(start))
      // the first layer of a block reads its input before there is any concatenation
      for (const end of inputs)
        for (const other of between(start, end, sources))
          if (sources.get(other)?.includes(start)) add(start ? pathOf(start) : '', pathOf(other));
  }
  return [...edges.values()];
}
