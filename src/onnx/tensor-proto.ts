/** One initialiser of an ONNX file; field numbers are those of TensorProto in the ONNX specification. */
import { CheckpointError, formatShape, type Tensor } from '../tensor/index.ts';
import { type ElementFormat, elementFormats } from './element-formats.ts';
import { quoteName } from './quote-name.ts';
import { damagedFile, WireFields } from './wire-fields.ts';

const maximumRank = 64;

/** What a tensor says of itself, before any of its numbers is read. */
interface Description {
  name: string;
  readonly extents: bigint[];
  dataType: bigint;
  raw: Uint8Array | undefined;
  /** Whether its bytes are in a file of their own. */
  external: boolean;
  /** Whether it is a part of a tensor. */
  segment: boolean;
}

/** An initialiser. */
export interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
  /** Where its numbers were of another precision than they are now. */
  readonly was?: 'half' | 'double';
}

/**
 * Reads a TensorProto. The size that its shape asks for is compared with the bytes that are there before room is made for it.
 * @throws CheckpointError where both do not fit, or the numbers are elsewhere or of a kind that Skein does not know
 */
export function readTensorProto(bytes: Uint8Array): NamedTensor {
  const described = describe(bytes);
  const { name, dataType, raw } = described;
  if (name === '')
    throw new CheckpointError('onnx: expected a name for every initialiser, got one without', damagedFile);
  if (described.external) throw outside(name);
  if (described.segment) throw tensorError(name, 'expected a whole tensor, got a segment of one');
  const format = elementFormats.get(Number(dataType));
  if (!format)
    throw tensorError(
      name,
      `expected an element type that Skein reads, got number ${dataType}`,
      `it reads ${[...elementFormats.values()].map((known) => known.name).join(', ')}`,
    );
  const shape = described.extents.map(Number);
  const available = raw ? raw.length / format.bytes : countNumbers(bytes, format);
  const size = sizeWithin(name, described.extents, available);
  if (size !== available)
    throw tensorError(
      name,
      `expected ${size} numbers of ${format.name} for ${formatShape(shape)}, got ${available} ` +
        (raw ? `in ${raw.length} bytes` : 'in a list'),
    );
  const data = format.read(raw ?? gather(bytes, format, size));
  return { name, tensor: { dtype: format.dtype, shape, data }, ...(format.was && { was: format.was }) };
}

function describe(bytes: Uint8Array): Description {
  const fields = new WireFields(bytes);
  const described: Description = {
    name: '',
    extents: [],
    dataType: 0n,
    raw: undefined,
    external: false,
    segment: false,
  };
  for (let field = fields.next(); field !== 0; field = fields.next()) {
    if (field === 1)
      fields.each('varint', (reader) => {
        described.extents.push(BigInt(reader.int64()));
        if (described.extents.length > maximumRank) throw new RangeError(`a tensor has more than ${maximumRank} axes`);
      });
    else if (field === 2) described.dataType = fields.integer();
    else if (field === 8) described.name = fields.text();
    else if (field === 9) described.raw = fields.bytes();
    else if (field === 14) described.external = fields.integer() === 1n;
    else {
      described.segment ||= field === 3;
      fields.skip();
    }
  }
  return described;
}

/** The shape's number of elements, once it is known to be no more than there are. */
function sizeWithin(name: string, extents: readonly bigint[], available: number): number {
  const shown = `[${extents.join(', ')}]`;
  const wrong = extents.find((extent) => extent < 0n || extent > Number.MAX_SAFE_INTEGER);
  if (wrong !== undefined) throw tensorError(name, `expected a shape of sizes from 0 to 2⁵³, got ${shown}`);
  // integers of any size, so that no product overflows; 64 of them stay small
  const size = extents.reduce((product, extent) => product * extent, 1n);
  if (size > available) throw tensorError(name, `expected ${size} numbers for ${shown}, got only ${available}`);
  return Number(size);
}

function countNumbers(bytes: Uint8Array, { numbers }: ElementFormat): number {
  const fields = new WireFields(bytes);
  let count = 0;
  for (let field = fields.next(); field !== 0; field = fields.next()) {
    if (field === numbers.field) count += fields.count(numbers.type);
    else fields.skip();
  }
  return count;
}

/** Numbers of a list as `raw_data` would have them. */
function gather(bytes: Uint8Array, { bytes: step, numbers, put }: ElementFormat, size: number): Uint8Array {
  const fields = new WireFields(bytes);
  const raw = new Uint8Array(size * step);
  const view = new DataView(raw.buffer);
  let offset = 0;
  for (let field = fields.next(); field !== 0; field = fields.next()) {
    if (field !== numbers.field) fields.skip();
    else
      fields.each(numbers.type, (reader) => {
        put(view, offset, reader);
        offset += step;
      });
  }
  return raw;
}

const outside = (name: string) =>
  new CheckpointError(
    `onnx: initialiser ${quoteName(name)}: expected its numbers in the file, but they are in another one (external data)`,
    'save it as one file: onnx.save(onnx.load(path), path, save_as_external_data=False)',
  );

const tensorError = (name: string, problem: string, hint = damagedFile) =>
  new CheckpointError(`onnx: initialiser ${quoteName(name)}: ${problem}`, hint);
