/**
 * Weights from an ONNX file of any program: its graph's initialisers. Of the nodes only those count that give an initialiser a second
 * name: PyTorch writes equal tensors once, and an Identity for each of the others.
 */
import { CheckpointError, formatShape, type Tensor } from '../tensor/index.ts';
import { quoteName } from './quote-name.ts';
import { type NamedTensor, readTensorProto } from './tensor-proto.ts';
import { damagedFile, WireFields } from './wire-fields.ts';

/** What an ONNX file holds apart from its graph's nodes. */
export interface OnnxWeights {
  /** By their names in the file, such as `layer1.0.conv1.weight` or, where the exporter made one up, `onnx::Conv_123`. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** The file's `metadata_props`. */
  readonly metadata: Record<string, string>;
  /** The program that wrote the file, such as `pytorch 1.13.1`; empty where it does not say. */
  readonly producer: string;
  /** Names of tensors that were float16 or bfloat16 in the file. */
  readonly halves: readonly string[];
  /** Names of tensors that were float64 in the file, and are rounded. */
  readonly doubles: readonly string[];
}

/** What was seen of the graph. */
interface Initialisers {
  readonly tensors: Map<string, Tensor>;
  /** Names by the precision that they had. */
  readonly half: Set<string>;
  readonly double: Set<string>;
}

/** No network has more; in memory an empty tensor takes fifty times its bytes in a file. */
const maximumEntries = 100_000;

/**
 * Reads the initialisers of an ONNX file, under all their names. float16, bfloat16 and float64 become float32; int8, int16 and uint16 become int32, and
 * uint32 becomes int64. Tensors may be views of `bytes` and be there under two names: do not change `bytes` afterwards. No message names a path.
 * @throws CheckpointError where the bytes are no ONNX model or a damaged one, a tensor's data is in another file or of a kind that
 * Skein does not know, or there are no initialisers
 */
export function readOnnxWeights(bytes: Uint8Array): OnnxWeights {
  const initialisers: Initialisers = { tensors: new Map(), half: new Set(), double: new Set() };
  const found = { metadata: new Map<string, string>(), name: '', version: '' };
  const parts = { version: 0n, graph: false, opset: false };
  // A plain view, because slices of a Node `Buffer` are not copies where copies are needed.
  const model = new WireFields(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  for (let field = model.next(); field !== 0; field = model.next()) {
    if (field === 1) parts.version = model.integer();
    else if (field === 2) found.name = model.text();
    else if (field === 3) found.version = model.text();
    else if (field === 7) {
      parts.graph = true;
      readGraph(model.bytes(), initialisers);
    } else if (field === 8) {
      parts.opset = true;
      model.skip();
    } else if (field === 14) readEntry(model.bytes(), found.metadata);
    else model.skip();
  }
  if (!parts.graph || !parts.opset || parts.version <= 0n)
    throw new CheckpointError(`onnx: expected an ONNX model, but these ${bytes.length} bytes are none`, damagedFile);
  if (initialisers.tensors.size === 0)
    throw new CheckpointError(
      'onnx: expected weights, but the graph has no initialisers',
      'PyTorch writes them with export_params=True, its default',
    );
  return {
    tensors: initialisers.tensors,
    metadata: Object.fromEntries(found.metadata),
    producer: `${found.name} ${found.version}`.trim(),
    halves: [...initialisers.half],
    doubles: [...initialisers.double],
  };
}

function readGraph(bytes: Uint8Array, initialisers: Initialisers): void {
  const { tensors, half, double } = initialisers;
  const graph = new WireFields(bytes);
  const secondNames: [string, string][] = [];
  for (let field = graph.next(); field !== 0; field = graph.next()) {
    if (field === 15)
      throw new CheckpointError(
        'onnx: expected dense initialisers, got a sparse one',
        'export the network without them',
      );
    if (field === 1) {
      const pair = identityOf(graph.bytes());
      if (pair) secondNames.push(pair);
      requireFew(secondNames.length, 'Identity nodes');
    } else if (field === 5) {
      add(initialisers, readTensorProto(graph.bytes()));
      requireFew(tensors.size, 'initialisers');
    } else graph.skip();
  }
  for (const [name, from] of secondNames) {
    const tensor = tensors.get(from);
    if (!tensor || tensors.has(name)) continue;
    tensors.set(name, tensor);
    for (const names of [half, double]) if (names.has(from)) names.add(name);
  }
}

function add(initialisers: Initialisers, { name, tensor, was }: NamedTensor): void {
  const { tensors } = initialisers;
  const other = tensors.get(name);
  if (other)
    throw new CheckpointError(
      `onnx: expected every initialiser's name once, got ${quoteName(name)} twice, ${formatShape(other.shape)} and ` +
        formatShape(tensor.shape),
      damagedFile,
    );
  tensors.set(name, tensor);
  if (was) initialisers[was].add(name);
}

/** Output and input of an Identity node; undefined where the node does anything else. */
function identityOf(bytes: Uint8Array): [string, string] | undefined {
  const node = new WireFields(bytes);
  let [input, output, operator] = ['', '', ''];
  for (let field = node.next(); field !== 0; field = node.next()) {
    if (field === 1) input = node.text();
    else if (field === 2) output = node.text();
    else if (field === 4) operator = node.text();
    else node.skip();
  }
  return operator === 'Identity' && output !== '' ? [output, input] : undefined;
}

/** One StringStringEntryProto; of equal keys the last counts. */
function readEntry(bytes: Uint8Array, metadata: Map<string, string>): void {
  const entry = new WireFields(bytes);
  let [key, value] = ['', ''];
  for (let field = entry.next(); field !== 0; field = entry.next()) {
    if (field === 1) key = entry.text();
    else if (field === 2) value = entry.text();
    else entry.skip();
  }
  metadata.set(key, value);
  requireFew(metadata.size, 'metadata entries');
}

function requireFew(count: number, what: string): void {
  if (count > maximumEntries)
    throw new CheckpointError(`onnx: expected at most ${maximumEntries} ${what}, got more`, damagedFile);
}
