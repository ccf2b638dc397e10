/** A graph as JSON, so that a checkpoint carries its network, and back, at any batch size. */
import { CheckpointError, type Dtype, type Shape, sizeOf, tensor } from '../tensor/index.ts';
import { Graph, type StateRole, type Value } from './graph.ts';
import type { Attributes, OpDefinition } from './op.ts';
import { type OpName, ops } from './ops/index.ts';
import { liveNodes, type Program } from './program.ts';
import { atScope } from './scope.ts';
import { numberValues } from './walk.ts';

type Leaf =
  | { readonly input: string; readonly dtype: Dtype; readonly shape: Shape }
  | { readonly state: string; readonly role: StateRole; readonly shape: Shape }
  | { readonly constant: readonly number[]; readonly dtype: Dtype; readonly shape: Shape };
interface NodeJson {
  readonly op: string;
  readonly in: readonly number[];
  readonly attributes: Attributes;
  readonly scope: string;
}
interface GraphJson {
  readonly version: 1;
  readonly leaves: readonly Leaf[];
  readonly nodes: readonly NodeJson[];
  readonly outputs: Readonly<Record<string, number>>;
}

function leafOf({ source, type }: Value): Leaf {
  const { dtype, shape } = type;
  if (source.kind === 'input') return { input: source.name, dtype, shape };
  if (source.kind === 'state') return { state: source.name, role: source.role, shape };
  if (source.kind === 'constant') return { constant: Array.from(source.tensor.data as Float32Array), dtype, shape };
  throw new CheckpointError('graph: a node is not a leaf');
}

/** Writes what `program`'s outputs depend on: leaves first, then nodes, each value numbered in that order. */
export function graphToJson(program: Program): string {
  const nodes = liveNodes({ ...program, updates: new Map() });
  const { leaves, number } = numberValues(nodes, { last: [...program.outputs.values()] });
  const graph: GraphJson = {
    version: 1,
    leaves: leaves.map(leafOf),
    nodes: nodes.map(({ op, inputs, attributes, scope }): NodeJson => {
      return { op: op.name, in: inputs.map(number), attributes, scope };
    }),
    outputs: Object.fromEntries([...program.outputs].map(([name, value]) => [name, number(value)])),
  };
  return JSON.stringify(graph);
}

/** No result of a network that could be trained is larger: 8 GiB of float32. */
const mostNumbers = 2 ** 31;

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);
const isShape = (x: unknown): x is number[] =>
  Array.isArray(x) && x.length <= 8 && x.every((n) => Number.isSafeInteger(n) && n >= 1 && n <= 2 ** 31);
const bad = (what: string) =>
  new CheckpointError(`graph: ${what}`, 'the file is damaged, or written by something else');

function readLeaf(graph: Graph, leaf: unknown, batch: number | undefined): Value {
  if (!isRecord(leaf) || !isShape(leaf.shape)) throw bad('a leaf has no valid shape');
  const { shape } = leaf;
  if (typeof leaf.input === 'string' && (leaf.dtype === 'float32' || leaf.dtype === 'int32'))
    return graph.input(leaf.input, {
      dtype: leaf.dtype,
      shape: batch === undefined ? shape : [batch, ...shape.slice(1)],
    });
  if (typeof leaf.state === 'string' && (leaf.role === 'parameter' || leaf.role === 'statistic'))
    return graph.entry(leaf.state, shape, leaf.role, (s) => new Float32Array(s.reduce((a, b) => a * b, 1)));
  if (Array.isArray(leaf.constant) && leaf.constant.every((n) => typeof n === 'number') && leaf.dtype === 'float32')
    return graph.constant(tensor('float32', shape, Float32Array.from(leaf.constant)));
  throw bad(`a leaf is neither input, state nor constant: ${JSON.stringify(leaf).slice(0, 80)}`);
}

/**
 * Builds a prediction graph from `graphToJson`'s text; `batch` replaces the first extent of every input.
 * Shapes are inferred again, so a text that does not make sense is refused.
 * @throws CheckpointError
 */
export function graphFromJson(text: string, batch?: number): { graph: Graph; outputs: Map<string, Value> } {
  const json: unknown = parse(text);
  if (
    !isRecord(json) ||
    json.version !== 1 ||
    !Array.isArray(json.leaves) ||
    !Array.isArray(json.nodes) ||
    !isRecord(json.outputs)
  )
    throw bad('expected version 1 with leaves, nodes and outputs');
  const graph = new Graph({ training: false });
  const values: Value[] = json.leaves.map((leaf) => refuse('a leaf is wrong', () => readLeaf(graph, leaf, batch)));
  const value = (number: unknown): Value => {
    const found = typeof number === 'number' ? values[number] : undefined;
    if (!found) throw bad(`value ${String(number)} does not exist where it is used`);
    return found;
  };
  for (const node of json.nodes) {
    if (!isRecord(node) || typeof node.op !== 'string' || !Object.hasOwn(ops, node.op) || !Array.isArray(node.in))
      throw bad(`unknown node ${JSON.stringify(node)?.slice(0, 80)}`);
    const op: OpDefinition = ops[node.op as OpName];
    const inputs = node.in.map(value);
    if (!op.inputs[0]?.startsWith('...') && inputs.length !== op.inputs.length)
      throw bad(`${op.name} has ${inputs.length} inputs`);
    values.push(
      ...atScope(typeof node.scope === 'string' ? node.scope : '', () =>
        applyChecked(graph, op, inputs, node.attributes, batch),
      ),
    );
  }
  return { graph, outputs: new Map(Object.entries(json.outputs).map(([name, number]) => [name, value(number)])) };
}

function applyChecked(
  graph: Graph,
  op: OpDefinition,
  inputs: readonly Value[],
  attributes: Attributes,
  batch = 1,
): readonly Value[] {
  const outputs = refuse(`${op.name} does not fit its inputs`, () => graph.apply(op, inputs, attributes));
  for (const { type } of outputs) {
    const numbers = sizeOf(type.shape);
    if (isShape(type.shape) && numbers <= mostNumbers) continue;
    const what = `${op.name} would give a result of [${type.shape.join(', ')}]`;
    if (isShape(type.shape) && numbers / batch <= mostNumbers)
      throw new CheckpointError(
        `graph: ${what}, more than ${mostNumbers} numbers`,
        `take fewer images than ${batch} together`,
      );
    throw bad(what);
  }
  return outputs;
}

/** What `build` returns; any error of its own means that the text is damaged. */
function refuse<T>(what: string, build: () => T): T {
  try {
    return build();
  } catch (error) {
    throw error instanceof CheckpointError ? error : bad(`${what}: ${(error as Error).message}`);
  }
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    // what cannot be written again is nested too deeply for all that comes after
    JSON.stringify(value);
    return value;
  } catch {
    throw bad('it is not JSON, or nested too deeply');
  }
}
