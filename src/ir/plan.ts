/** What a program costs, before anything runs. */
import { bytesPerElement, sizeOf } from '../tensor/index.ts';
import type { Graph, Node, Value } from './graph.ts';
import { liveNodes, type Program, results } from './program.ts';

/** What a program holds and needs in one run. */
export interface Plan {
  /** Trained numbers: what papers call parameters. Running statistics do not count. */
  readonly params: number;
  /** Multiply-adds of convolutions and matrix products in one run. */
  readonly macs: number;
  /** All state: parameters, statistics, the optimiser's. */
  readonly stateBytes: number;
  /** The most bytes that inputs and results of nodes occupy at the same time, if each is freed after its last use. */
  readonly peakActivationBytes: number;
  readonly nodes: number;
}

const bytesOf = ({ type }: Value) => sizeOf(type.shape) * bytesPerElement[type.dtype];

/** Multiply-adds of one node. */
export function macsOf(node: Node): number {
  const types = (values: readonly Value[]) => values.map(({ type }) => type);
  return node.op.macs?.(types(node.inputs), types(node.outputs), node.attributes) ?? 0;
}

/** The trained numbers of a graph. */
export function countParams(graph: Graph): number {
  let params = 0;
  for (const { source, type } of graph.state.values())
    if (source.kind === 'state' && source.role === 'parameter') params += sizeOf(type.shape);
  return params;
}

/** Predicts parameters, multiply-adds and peak activation bytes from liveness. */
export function plan(program: Program): Plan {
  const nodes = liveNodes(program);
  let stateBytes = 0;
  for (const entry of program.graph.state.values()) stateBytes += bytesOf(entry);
  return {
    params: countParams(program.graph),
    macs: nodes.reduce((sum, node) => sum + macsOf(node), 0),
    stateBytes,
    peakActivationBytes: peakBytes(program, nodes),
    nodes: nodes.length,
  };
}

function peakBytes(program: Program, nodes: readonly Node[]): number {
  const storage = storageOf(nodes);
  const kept = new Set(results(program).map(storage));
  const lastUse = new Map<Value, number>();
  nodes.forEach((node, at) => {
    for (const input of node.inputs) lastUse.set(storage(input), at);
  });
  let live = 0;
  for (const input of program.graph.inputs.values()) live += bytesOf(input);
  let peak = live;
  nodes.forEach((node, at) => {
    for (const output of node.outputs) if (storage(output) === output) live += bytesOf(output);
    peak = Math.max(peak, live);
    const dying = [...node.inputs, ...node.outputs]
      .map(storage)
      .filter((value) => (lastUse.get(value) ?? at) === at && !kept.has(value));
    for (const value of new Set(dying))
      if (value.source.kind === 'node' || value.source.kind === 'input') live -= bytesOf(value);
  });
  return peak;
}

/** The value whose memory each value is: of a view, what it shows. */
function storageOf(nodes: readonly Node[]): (value: Value) => Value {
  const shown = new Map<Value, Value>();
  const storage = (value: Value) => shown.get(value) ?? value;
  for (const { op, inputs, outputs } of nodes)
    if (op.isView) shown.set(outputs[0] as Value, storage(inputs[0] as Value));
  return storage;
}
