/** A program as an ONNX model: inputs and state become graph inputs, outputs and updates graph outputs. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { liveNodes, type OpName, type Program, type TensorType, type Value } from '../ir/index.ts';
import { EngineError } from '../tensor/index.ts';
import { elementTypes, OnnxBuilder } from './builder.ts';
import type { OnnxLowerings } from './lowering.ts';
import { ModelProtoSchema, type NodeProto, type ValueInfoProtoSchema } from './onnx_pb.ts';

export interface OnnxModel {
  readonly bytes: Uint8Array;
  /** Graph inputs by what they are: fed inputs and state entries, only those that the graph uses. */
  readonly inputs: ReadonlyMap<string, TensorType>;
  readonly state: ReadonlyMap<string, TensorType>;
  /** Names of graph outputs: `output:NAME`, `update:NAME`, and `guard` where the program has one. */
  readonly outputs: readonly string[];
  readonly nodes: number;
}

export interface OnnxOptions {
  readonly lowerings: OnnxLowerings;
  /** Puts the nodes in another order before they are written; default: as the program's nodes stand. */
  readonly arrange?: (nodes: readonly NodeProto[]) => NodeProto[];
}

const irVersion = 10n;
const opset = 20n;

/** Writes `program` as an ONNX model. A result that is also an input, a state entry or another result goes through Identity. */
export function toOnnx(program: Program, { lowerings, arrange = (nodes) => [...nodes] }: OnnxOptions): OnnxModel {
  const onnx = new OnnxBuilder();
  const names = new Map<Value, string>();
  const inputs = new Map<string, TensorType>();
  const state = new Map<string, TensorType>();
  const nameOf = (value: Value): string => {
    const known = names.get(value);
    if (known !== undefined) return known;
    const name = leafName(value, onnx, inputs, state);
    names.set(value, name);
    return name;
  };
  const wanted = graphOutputs(program);
  for (const [name, value] of wanted) if (value.source.kind === 'node' && !names.has(value)) names.set(value, name);
  for (const node of liveNodes(program)) {
    const outputs = node.outputs.map((value) => {
      const name = names.get(value) ?? onnx.fresh(node.op.name);
      names.set(value, name);
      return name;
    });
    const lowering = lowerings[node.op.name as OpName];
    lowering({ onnx, node, inputs: node.inputs.map(nameOf), outputs });
  }
  for (const [name, value] of wanted)
    if (nameOf(value) !== name) onnx.node('Identity', [nameOf(value)], {}, { output: name });
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'skein',
    opsetImport: [...onnx.domains].map((domain) => ({ domain, version: domain === '' ? opset : 1n })),
    graph: {
      name: program.name,
      node: arrange(onnx.nodes),
      initializer: [...onnx.initializers.values()],
      input: [
        ...[...inputs].map(([name, type]) => valueInfo(`input:${name}`, type)),
        ...[...state].map(([name, type]) => valueInfo(`state:${name}`, type)),
      ],
      output: [...wanted].map(([name, { type }]) => valueInfo(name, type)),
    },
  });
  return {
    bytes: toBinary(ModelProtoSchema, model),
    inputs,
    state,
    outputs: [...wanted.keys()],
    nodes: onnx.nodes.length,
  };
}

function graphOutputs(program: Program): Map<string, Value> {
  const wanted = new Map<string, Value>();
  for (const [name, value] of program.outputs) wanted.set(`output:${name}`, value);
  for (const [name, value] of program.updates) wanted.set(`update:${name}`, value);
  if (program.guard) wanted.set('guard', program.guard);
  return wanted;
}

function leafName(
  { source, type }: Value,
  onnx: OnnxBuilder,
  inputs: Map<string, TensorType>,
  state: Map<string, TensorType>,
): string {
  switch (source.kind) {
    case 'input':
      inputs.set(source.name, type);
      return `input:${source.name}`;
    case 'state':
      state.set(source.name, type);
      return `state:${source.name}`;
    case 'constant':
      return onnx.constant(source.tensor);
    case 'node':
      throw new EngineError(`onnx: ${source.node.op.name} is used before it is written`);
  }
}

function valueInfo(name: string, { dtype, shape }: TensorType): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = shape.map((extent) => ({ value: { case: 'dimValue' as const, value: BigInt(extent) } }));
  return { name, type: { value: { case: 'tensorType', value: { elemType: elementTypes[dtype], shape: { dim } } } } };
}
