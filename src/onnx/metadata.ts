/** What an ONNX file says about itself, read from its bytes alone: runtimes in browsers do not tell. */
import { fromBinary } from '@bufbuild/protobuf';
import { CheckpointError, type Dtype } from '../tensor/index.ts';
import { elementTypes } from './builder.ts';
import { type ModelProto, ModelProtoSchema, type ValueInfoProto } from './onnx_pb.ts';

/** An input or output of an ONNX file. */
export interface OnnxPort {
  readonly name: string;
  readonly dtype: Dtype;
  /** An open extent is its name, such as `batch`. */
  readonly shape: readonly (number | string)[];
}

/** What goes into an ONNX file and comes out. */
export interface OnnxSignature {
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
  /** Version of the standard operators. */
  readonly opset: number;
}

/**
 * The `metadata_props` of an ONNX file. Files of `skein export --onnx` have `skein` (the version that wrote them), `network`,
 * `classes` (JSON: names in the order of the logits) and `preprocessing` (JSON: how pixels become the input), and of a calibrated network
 * `temperature`, by which logits are divided before `softmax`.
 * @throws CheckpointError where the bytes are no ONNX model
 */
export function onnxMetadata(bytes: Uint8Array): Record<string, string> {
  return Object.fromEntries(readModel(bytes).metadataProps.map(({ key, value }) => [key, value]));
}

/** What goes into an ONNX file and comes out. @throws CheckpointError where the bytes are no ONNX model */
export function onnxSignature(bytes: Uint8Array): OnnxSignature {
  const { graph, opsetImport } = readModel(bytes);
  const given = new Set(graph?.initializer.map(({ name }) => name));
  return {
    inputs: (graph?.input ?? []).filter(({ name }) => !given.has(name)).map(portOf),
    outputs: (graph?.output ?? []).map(portOf),
    opset: Number(opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0),
  };
}

function readModel(bytes: Uint8Array): ModelProto {
  let model: ModelProto | undefined;
  try {
    model = fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
  } catch {
    // said below, in the words that also fit bytes that happen to be some other message
  }
  if (model?.graph && model.irVersion > 0n && model.opsetImport.length > 0) return model;
  throw new CheckpointError(
    `onnx: expected an ONNX model, but these ${bytes.length} bytes are none`,
    'skein export CHECKPOINT --onnx writes one; a file that was one is damaged or cut off',
  );
}

const dtypes = new Map(Object.entries(elementTypes).map(([dtype, number]) => [number, dtype as Dtype]));

const known = `it knows ${Object.keys(elementTypes).join(', ')}`;

function portOf({ name, type }: ValueInfoProto): OnnxPort {
  const { elemType = 0, shape } = type?.value.value ?? {};
  const dtype = dtypes.get(elemType);
  if (!dtype)
    throw new CheckpointError(`onnx: \`${name}\` has element type ${elemType}, which Skein does not know`, known);
  const extents = shape?.dim.map(({ value }) =>
    value.case === 'dimValue' ? Number(value.value) : (value.value ?? '?'),
  );
  return { name, dtype, shape: extents ?? [] };
}
