/** A program's nodes as the layers that people think in: a layer is its state entries and the nodes that use them. */
import { bytesPerElement, type Shape, sizeOf } from '../tensor/index.ts';
import type { Node, Value } from './graph.ts';
import { macsOf } from './plan.ts';
import { liveNodes, type Program } from './program.ts';
import { type ReceptiveField, receptiveFields } from './receptive-field.ts';

/** What a part of a network holds and costs in one run; the layers' numbers add up to the program's. */
export interface LayerCost {
  /** Trained numbers. */
  readonly params: number;
  /** Numbers that are measured along the way, such as running means. */
  readonly statistics: number;
  /** Multiply-adds of convolutions and matrix products. */
  readonly macs: number;
  /** Bytes of all results that depend on an input. */
  readonly activationBytes: number;
}

/** One layer, or one op without state entries (`stage1.block2.relu1`). */
export interface Layer extends LayerCost {
  /** The path of its state entries: `stage1.block2.conv1`. */
  readonly path: string;
  /** Of its last result; absent where the program does not use the layer. */
  readonly output?: Shape;
  /** How much of the image a pixel of its last result sees; absent where the program does not use the layer. */
  readonly receptiveField?: ReceptiveField;
}

/** Layers that share the beginning of their paths, with their sums. */
export interface LayerGroup extends LayerCost {
  /** Last word of the path; '' for the whole. */
  readonly name: string;
  readonly output?: Shape;
  /** Empty for a layer. */
  readonly parts: readonly LayerGroup[];
}

interface Growing {
  path: string;
  hasState: boolean;
  output?: Shape;
  receptiveField?: ReceptiveField;
  params: number;
  statistics: number;
  macs: number;
  activationBytes: number;
}

/** The layers of a program in the order in which it computes them; those that it does not use come last. */
export function layersOf(program: Program): Layer[] {
  return layersAndNodes(program).layers;
}

/** The same, with the path of the layer that each node belongs to. */
export function layersAndNodes(program: Program): { layers: Layer[]; pathOfNode: ReadonlyMap<Node, string> } {
  const layers = new Map<string, Growing>();
  const layerOf = new Map<Node, Growing>();
  const fed = new Set<Node>();
  const layerAt = (path: string, hasState: boolean): Growing => {
    const known = layers.get(path);
    if (known) return known;
    const made = { path, hasState, params: 0, statistics: 0, macs: 0, activationBytes: 0 };
    layers.set(path, made);
    return made;
  };
  const isFed = ({ source }: Value) => source.kind === 'input' || (source.kind === 'node' && fed.has(source.node));
  const counts = new Map<string, number>();
  const fields = receptiveFields(program);

  /** The layer that owns a node: of the state it reads; of the result that it only rescales; or one of its own. */
  const owner = (node: Node): Growing => {
    for (const { source } of node.inputs) {
      if (source.kind === 'state') return layerAt(pathOf(source.name, node.scope), true);
      if (source.kind === 'node' && !fed.has(source.node)) return layerOf.get(source.node) as Growing;
    }
    const [first, ...others] = node.inputs.filter(({ source }) => source.kind !== 'constant');
    if (others.length === 0 && node.inputs.length > 1 && first?.source.kind === 'node') {
      const before = layerOf.get(first.source.node) as Growing;
      if (!before.hasState && first.source.node.scope === node.scope) return before;
    }
    const kind = joined(node.scope, node.op.name.replace(/2d$/, ''));
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return layerAt(`${kind}${count}`, false);
  };

  for (const node of liveNodes(program)) {
    if (node.inputs.some(isFed)) fed.add(node);
    const layer = owner(node);
    layerOf.set(node, layer);
    layer.macs += macsOf(node);
    layer.output = node.outputs[0]?.type.shape ?? [];
    const field = fields.get(node);
    if (field !== undefined) layer.receptiveField = field;
    if (fed.has(node)) layer.activationBytes += node.outputs.reduce((sum, { type }) => sum + bytesOf(type), 0);
  }
  for (const [name, { source, type }] of program.graph.state) {
    if (source.kind !== 'state' || (source.role !== 'parameter' && source.role !== 'statistic')) continue;
    const layer = layers.get(name) ?? layerAt(name.replace(/\.[^.]*$/, ''), true);
    layer[source.role === 'parameter' ? 'params' : 'statistics'] += sizeOf(type.shape);
  }
  return {
    layers: [...layers.values()].map(({ hasState: _, ...layer }) => layer),
    pathOfNode: new Map([...layerOf].map(([node, { path }]) => [node, path])),
  };
}

/** The layers as a tree by the words of their paths; every part stands where its first layer does. */
export function groupLayers(layers: readonly Layer[]): LayerGroup {
  return group(
    '',
    layers.map((layer) => ({ words: layer.path.split('.'), layer })),
  );
}

interface Placed {
  readonly words: readonly string[];
  readonly layer: Layer;
}

function group(name: string, placed: readonly Placed[]): LayerGroup {
  const byWord = new Map<string, Placed[]>();
  for (const { words, layer } of placed) {
    const [word, ...rest] = words;
    if (word === undefined) continue;
    const same = byWord.get(word) ?? [];
    byWord.set(word, same);
    same.push({ words: rest, layer });
  }
  const costs = placed.map(({ layer }) => layer);
  const total = (of: keyof LayerCost) => costs.reduce((sum, cost) => sum + cost[of], 0);
  const output = costs.findLast((layer) => layer.output !== undefined)?.output;
  return {
    name,
    ...(output && { output }),
    params: total('params'),
    statistics: total('statistics'),
    macs: total('macs'),
    activationBytes: total('activationBytes'),
    parts: [...byWord].map(([word, members]) => group(word, members)),
  };
}

const joined = (scope: string, name: string) => (scope === '' ? name : `${scope}.${name}`);
const bytesOf = ({ shape, dtype }: Value['type']) => sizeOf(shape) * bytesPerElement[dtype];

/** `block1.conv1` of `block1.conv1.weight`; an entry that stands in the scope itself is a layer of its own. */
function pathOf(entry: string, scope: string): string {
  const parent = entry.replace(/\.?[^.]*$/, '');
  return parent === '' || parent === scope ? entry : parent;
}
