/** What a drawing of a network needs besides its layers' numbers: what each layer is, and how they are connected. */
import { type Connection, connectionsOf, type DenseEdge, denseEdgesOf } from './connections.ts';
import type { Node } from './graph.ts';
import { type Layer, layersAndNodes } from './layers.ts';
import { macsOf } from './plan.ts';
import { liveNodes, type Program } from './program.ts';

/** What a layer is. */
export interface LayerKind {
  /** The op that names it, such as `conv2d`: the one with the most multiply-adds, else its last. */
  readonly op: string;
  /** `3×3 conv, 64, /2`: as the papers write it. */
  readonly label: string;
}

/** A network's layers by kind, and how they are connected. */
export interface NetworkStructure {
  /** By the layers' paths; layers that the program does not use are missing. */
  readonly kinds: ReadonlyMap<string, LayerKind>;
  readonly connections: readonly Connection[];
  readonly denseEdges: readonly DenseEdge[];
  /** Convolutions and matrix products on the longest path: the number in names such as resnet50, plus two for each squeeze and excitation. */
  readonly depth: number;
}

/** Derived from the graph alone, so that networks of every origin have one. */
export function structureOf(program: Program): NetworkStructure {
  const { layers, pathOfNode } = layersAndNodes(program);
  const nodes = liveNodes(program);
  const members = new Map<string, Node[]>();
  for (const node of nodes) {
    const path = pathOfNode.get(node) as string;
    members.set(path, [...(members.get(path) ?? []), node]);
  }
  const kinds = new Map<string, LayerKind>();
  for (const layer of layers) {
    const own = members.get(layer.path);
    if (own !== undefined) kinds.set(layer.path, kindOf(layer, own));
  }
  const pathOf = (node: Node) => pathOfNode.get(node) as string;
  return {
    kinds,
    connections: connectionsOf(nodes, pathOf),
    denseEdges: denseEdgesOf(nodes, pathOf),
    depth: depthOf(nodes),
  };
}

function depthOf(nodes: readonly Node[]): number {
  const depth = new Map<Node, number>();
  let deepest = 0;
  for (const node of nodes) {
    let above = 0;
    for (const { source } of node.inputs)
      if (source.kind === 'node') above = Math.max(above, depth.get(source.node) ?? 0);
    const own = above + (macsOf(node) > 0 ? 1 : 0);
    depth.set(node, own);
    deepest = Math.max(deepest, own);
  }
  return deepest;
}

function kindOf({ output = [] }: Layer, nodes: readonly Node[]): LayerKind {
  const node = nodes.reduce((best, next) => (macsOf(next) >= macsOf(best) ? next : best));
  const named = nodes.find(({ op }) => op.name === 'normalise' || op.name === 'sum') ?? node;
  const { name } = named.op;
  const times = (pair: readonly number[] | undefined) => (pair ?? []).join('×');
  const stride = (pair: readonly number[] = [1]) =>
    pair.every((n) => n === 1) ? '' : `, /${new Set(pair).size === 1 ? pair[0] : times(pair)}`;
  const { attributes, inputs } = named;
  if (name === 'conv2d') {
    const groups = attributes.groups > 1 ? `, ${attributes.groups} groups` : '';
    const label = `${times(inputs[1]?.type.shape.slice(2))} conv, ${output[1]}${stride(attributes.stride)}${groups}`;
    return { op: name, label };
  }
  if (name.endsWith('Pool2d'))
    return {
      op: name,
      label: `${times(attributes.kernel)} ${name === 'maxPool2d' ? 'max' : 'average'} pool${stride(attributes.stride)}`,
    };
  if (name === 'sum' && inputs[0]?.type.shape.length === 4 && output.length <= 2)
    return { op: name, label: 'global average pool' };
  return { op: name, label: labels[name]?.(output) ?? name };
}

const labels: Readonly<Record<string, (output: readonly number[]) => string>> = {
  normalise: () => 'batch norm',
  matmul: (output) => `fully connected, ${output.at(-1)}`,
  add: () => '+',
  multiply: () => '×',
};
