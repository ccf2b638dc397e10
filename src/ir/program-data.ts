/** A program as plain data, to be sent to another process that trusts its sender. What comes from a file is read by graph-json.ts. */
import type { Dtype, Shape, Tensor } from '../tensor/index.ts';
import { Graph, type StateRole, type Value } from './graph.ts';
import type { Attributes } from './op.ts';
import { type OpName, ops } from './ops/index.ts';
import { defineProgram, liveNodes, type Program, results } from './program.ts';
import { numberValues } from './walk.ts';

type LeafData =
  | { readonly input: string; readonly dtype: Dtype; readonly shape: Shape }
  | { readonly state: string; readonly role: StateRole; readonly shape: Shape }
  | { readonly constant: Tensor };

/** Values are numbered: leaves first, then the nodes' outputs in order. */
export interface ProgramData {
  readonly name: string;
  readonly training: boolean;
  readonly leaves: readonly LeafData[];
  readonly nodes: readonly { readonly op: string; readonly in: readonly number[]; readonly attributes: Attributes }[];
  readonly outputs: ReadonlyMap<string, number>;
  readonly updates: ReadonlyMap<string, number>;
  readonly guard?: number;
  readonly frozen?: true;
  readonly savesMemory?: true;
}

/** All inputs and state of `program`, and the nodes that its results depend on. */
export function programToData(program: Program): ProgramData {
  const { name, graph, outputs, updates, guard, frozen, savesMemory } = program;
  const nodes = liveNodes(program);
  const first = [...graph.inputs.values(), ...graph.state.values()];
  const { leaves, number } = numberValues(nodes, { first, last: results(program) });
  const numbered = (named: ReadonlyMap<string, Value>) =>
    new Map([...named].map(([key, value]) => [key, number(value)]));
  return {
    name,
    training: graph.training,
    leaves: leaves.map(leafData),
    nodes: nodes.map(({ op, inputs, attributes }) => ({ op: op.name, in: inputs.map(number), attributes })),
    outputs: numbered(outputs),
    updates: numbered(updates),
    ...(guard && { guard: number(guard) }),
    ...(frozen && { frozen }),
    ...(savesMemory && { savesMemory }),
  };
}

function leafData({ source, type: { dtype, shape } }: Value): LeafData {
  if (source.kind === 'input') return { input: source.name, dtype, shape };
  if (source.kind === 'state') return { state: source.name, role: source.role, shape };
  return { constant: (source as Extract<Value['source'], { kind: 'constant' }>).tensor };
}

/** The program again; its state has no initial content, which only its sender knows. */
export function programFromData(data: ProgramData): Program {
  const graph = new Graph({ training: data.training });
  const values = data.leaves.map((leaf) => {
    if ('input' in leaf) return graph.input(leaf.input, leaf);
    if ('state' in leaf) return graph.entry(leaf.state, leaf.shape, leaf.role, () => new Float32Array());
    return graph.constant(leaf.constant);
  });
  const value = (number: number) => values[number] as Value;
  for (const { op, in: inputs, attributes } of data.nodes)
    values.push(...graph.apply(ops[op as OpName], inputs.map(value), attributes));
  const named = (numbers: ReadonlyMap<string, number>) =>
    new Map([...numbers].map(([key, number]) => [key, value(number)]));
  return defineProgram({
    name: data.name,
    graph,
    outputs: named(data.outputs),
    updates: named(data.updates),
    ...(data.guard !== undefined && { guard: value(data.guard) }),
    ...(data.frozen && { frozen: data.frozen }),
    ...(data.savesMemory && { savesMemory: data.savesMemory }),
  });
}
