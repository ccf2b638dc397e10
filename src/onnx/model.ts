/** A program as an ONNX model: inputs and state become graph inputs, outputs and updates graph outputs. */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { liveNodes, type OpName, type Program, type TensorType, type Value } from '../ir/index.ts';
import { EngineError } from '../tensor/index.ts';
import { elementTypes, OnnxBuilder } from './builder.ts';
import type { OnnxLowerings } from './lowering.ts';
import { ModelProtoSchema, type NodeProto, type ValueInfoProtoSchema } from './onnx_pb.ts';

/** An ONNX file, and what it is called from outside. */
export interface OnnxModel {
  readonly bytes: Uint8Array;
  /** Graph inputs by what they are: fed inputs and state entries, only those that the graph uses. */
  readonly inputs: ReadonlyMap<string, TensorType>;
  readonly state: ReadonlyMap<string, TensorType>;
  /** Names of graph outputs: `output:NAME`, `update:NAME`, and `guard` where the program has one. */
  readonly outputs: readonly string[];
  readonly nodes: number;
}

/** How a program is written. */
export interface OnnxOptions {
  readonly lowerings: OnnxLowerings;
  /** Puts the nodes in another order before they are written; default: as the program's nodes stand. */
  readonly arrange?: (nodes: readonly NodeProto[]) => NodeProto[];
  /** Written into the file for whoever opens it. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** The name of the first extent of inputs and outputs, which the file then leaves open. */
  readonly batch?: string;
  /** The shapes of inputs are left out: a runtime then cannot plan which results share memory, and frees each after its last use. */
  readonly openShapes?: boolean;
  /** Inputs and outputs are called as in the program, without `input:` and `output:`; only where nothing is called alike. */
  readonly plainNames?: boolean;
}

const irVersion = 10n;
const opset = 20n;

/** Writes `program` as an ONNX model. A result that is also an input, a state entry or another result goes through Identity. */
export function toOnnx(program: Program, options: OnnxOptions): OnnxModel {
  const { lowerings, arrange = (nodes) => [...nodes], metadata = {} } = options;
  const onnx = new OnnxBuilder();
  const leaves = new Leaves(onnx, options.plainNames ? '' : 'input:');
  const names = new Map<Value, string>();
  const nameOf = (value: Value): string => {
    const name = names.get(value) ?? leaves.name(value);
    names.set(value, name);
    return name;
  };
  const wanted = graphOutputs(program, options.plainNames ? '' : 'output:');
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
  const { inputs, state } = leaves;
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'skein',
    opsetImport: [...onnx.domains].map((domain) => ({ domain, version: domain === '' ? opset : 1n })),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: program.name,
      node: arrange(onnx.nodes),
      initializer: [...onnx.initializers.values()],
      input: [
        ...[...inputs].map(([name, type]) => valueInfo(leaves.prefix + name, type, options)),
        ...[...state].map(([name, type]) => valueInfo(`state:${name}`, type)),
      ],
      output: [...wanted].map(([name, { type }]) => valueInfo(name, type, { ...options, openShapes: false })),
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

function graphOutputs(program: Program, prefix: string): Map<string, Value> {
  const wanted = new Map<string, Value>();
  for (const [name, value] of program.outputs) wanted.set(prefix + name, value);
  for (const [name, value] of program.updates) wanted.set(`update:${name}`, value);
  if (program.guard) wanted.set('guard', program.guard);
  return wanted;
}

/** Names the values that no node makes, and collects those that the graph reads. */
class Leaves {
  readonly inputs = new Map<string, TensorType>();
  readonly state = new Map<string, TensorType>();
  readonly prefix: string;
  readonly #onnx: OnnxBuilder;

  constructor(onnx: OnnxBuilder, prefix: string) {
    this.#onnx = onnx;
    this.prefix = prefix;
  }

  name({ source, type }: Value): string {
    switch (source.kind) {
      case 'input':
        this.inputs.set(source.name, type);
        return this.prefix + source.name;
      case 'state':
        this.state.set(source.name, type);
        return `state:${source.name}`;
      case 'constant':
        return this.#onnx.constant(source.tensor);
      case 'node':
        throw new EngineError(`onnx: ${source.node.op.name} is used before it is written`);
    }
  }
}

/** `batch` names a first extent that stays open. */
function valueInfo(
  name: string,
  { dtype, shape }: TensorType,
  { batch, openShapes }: Pick<OnnxOptions, 'batch' | 'openShapes'> = {},
): MessageInitShape<typeof ValueInfoProtoSchema> {
  const dim = shape.map((extent, axis) => ({
    value:
      axis === 0 && batch !== undefined
        ? { case: 'dimParam' as const, value: batch }
        : { case: 'dimValue' as const, value: BigInt(extent) },
  }));
  const value = { elemType: elementTypes[dtype], ...(!openShapes && { shape: { dim } }) };
  return { name, type: { value: { case: 'tensorType', value } } };
}
