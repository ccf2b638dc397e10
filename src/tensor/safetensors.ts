/**
 * The safetensors format (github.com/huggingface/safetensors): the header's length as a u64, a JSON header, the tensors'
 * bytes; all little-endian. A file may come from anywhere, so every number is checked before it is trusted.
 */
import { CheckpointError } from './errors.ts';
import type { Shape } from './shape.ts';
import { bytesPerElement, type DataOf, type Dtype, type Tensor, viewBytes } from './tensor.ts';

// Both exist in Node and in every browser, but lib es2023 does not declare them.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (label: string, options: object) => { decode(bytes: Uint8Array): string };

const maximumHeaderBytes = 100_000_000;
const metadataKey = '__metadata__';
const damaged = 'the file is damaged, cut short, or not a safetensors file';

/** How the file stores elements, and what they become on the host. */
interface Format {
  readonly dtype: Dtype;
  readonly bytes: number;
  read(bytes: Uint8Array): DataOf<Dtype>;
}

const native = (dtype: Dtype): Format => ({
  dtype,
  bytes: bytesPerElement[dtype],
  read: (bytes) => viewBytes(dtype, bytes),
});

const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['F64', native('float64')],
  ['F32', native('float32')],
  ['I64', native('int64')],
  ['I32', native('int32')],
  ['U8', native('uint8')],
  ['BOOL', native('bool')],
  ['F16', { dtype: 'float32', bytes: 2, read: float16ToFloat32 }],
  ['BF16', { dtype: 'float32', bytes: 2, read: bfloat16ToFloat32 }],
]);

const codes: Readonly<Record<Dtype, string>> = {
  float64: 'F64',
  float32: 'F32',
  int64: 'I64',
  int32: 'I32',
  uint8: 'U8',
  bool: 'BOOL',
};

/**
 * The bytes of a safetensors file. Equal content gives equal bytes: metadata is sorted by key, tensors (in the header and
 * in the data) by element size, largest first, then by name, whatever the order of the map. The header is padded to 8
 * bytes, so that every tensor is aligned.
 * @throws CheckpointError where a tensor's data does not match its shape, or a name is the reserved `__metadata__`
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const entries = [...tensors].sort(
    ([a, x], [b, y]) => bytesPerElement[y.dtype] - bytesPerElement[x.dtype] || (a < b ? -1 : 1),
  );
  // Assembled by hand: an object would move names such as `7` to the front and lose `__proto__`.
  const fields: string[] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0)
    fields.push(`"${metadataKey}":{${keys.map((key) => `${quote(key)}:${quote(metadata[key] as string)}`).join(',')}}`);
  let end = 0;
  for (const [name, { dtype, shape, data }] of entries) {
    if (name === metadataKey) throw tensorError(name, 'another name', name, 'safetensors reserves it for metadata');
    const begin = end;
    end += data.byteLength;
    requireByteLength(name, shape, codes[dtype], bytesPerElement[dtype], data.byteLength);
    if (dtype === 'bool') requireBooleans(name, data as Uint8Array);
    fields.push(`${quote(name)}:{"dtype":"${codes[dtype]}","shape":[${shape}],"data_offsets":[${begin},${end}]}`);
  }

  const header = new TextEncoder().encode(`{${fields.join(',')}}`);
  const headerBytes = Math.ceil(header.length / 8) * 8;
  if (headerBytes > maximumHeaderBytes)
    throw new CheckpointError(
      `safetensors: expected a header of at most ${maximumHeaderBytes} bytes, got ${headerBytes}`,
      'metadata is for small facts; store large ones as tensors',
    );
  const file = new Uint8Array(8 + headerBytes + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(header, 8);
  file.fill(0x20, 8 + header.length, 8 + headerBytes);
  let position = 8 + headerBytes;
  for (const [, { data }] of entries) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}

/**
 * The tensors of a safetensors file, in the order of their bytes, and its metadata (`{}` where it has none). F16 and BF16
 * become float32. Aligned tensors are views of `bytes`, not copies: do not change `bytes` afterwards.
 * @throws CheckpointError where anything in the file contradicts the format
 */
export function decodeSafetensors(bytes: Uint8Array): {
  tensors: Map<string, Tensor>;
  metadata: Record<string, string>;
  /** Names of those that the file has in half precision. */
  halves: string[];
} {
  // A plain view, because slices of a Node `Buffer` are not the copies that unaligned tensors need.
  const file = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { header, dataStart } = readHeader(file);
  const data = file.subarray(dataStart);
  const { [metadataKey]: metadata, ...described } = header;
  const entries = Object.entries(described).map(([name, value]) => readEntry(name, value, data.length));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== covered)
      throw tensorError(name, `to begin at byte ${covered}, where the tensor before it ends`, String(begin), damaged);
    covered = end;
  }
  if (covered !== data.length)
    throw new CheckpointError(
      `safetensors: expected ${covered} bytes of tensors, as the header says, got ${data.length}`,
      damaged,
    );

  const tensors = new Map<string, Tensor>();
  for (const { name, format, shape, begin, end } of entries) {
    const tensor = { dtype: format.dtype, shape, data: format.read(data.subarray(begin, end)) };
    if (tensor.dtype === 'bool') requireBooleans(name, tensor.data as Uint8Array);
    tensors.set(name, tensor);
  }
  const halves = entries.filter(({ format }) => format.bytes === 2).map(({ name }) => name);
  return { tensors, metadata: readMetadata(metadata), halves };
}

function readHeader(file: Uint8Array): { header: Record<string, unknown>; dataStart: number } {
  if (file.length < 8) throw new CheckpointError(`safetensors: expected at least 8 bytes, got ${file.length}`, damaged);
  const length = new DataView(file.buffer, file.byteOffset).getBigUint64(0, true);
  const limit = Math.min(file.length - 8, maximumHeaderBytes);
  if (length > BigInt(limit))
    throw new CheckpointError(`safetensors: expected a header of at most ${limit} bytes, got ${length}`, damaged);
  const dataStart = 8 + Number(length);
  if (file[8] !== 0x7b || dataStart === 8)
    throw new CheckpointError('safetensors: expected a header that starts with `{`', damaged);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(8, dataStart));
    const header = JSON.parse(text) as Record<string, unknown>;
    refuseDuplicateKeys(text);
    return { header, dataStart };
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError('safetensors: expected a header of UTF-8 JSON, got something else', damaged);
  }
}

/** `JSON.parse` keeps the last of two equal keys, so that one file could mean different things to different readers. */
function refuseDuplicateKeys(validJson: string): void {
  const open: Set<string>[] = [];
  for (let i = 0; i < validJson.length; i++) {
    const character = validJson[i];
    if (character === '{') {
      // tensors in the header, facts in a tensor: what lies deeper is no safetensors, and might be millions of objects
      if (open.length === 2)
        throw new CheckpointError('safetensors: expected a flat header, got a nested one', damaged);
      open.push(new Set());
    } else if (character === '}') open.pop();
    else if (character === '"') {
      const start = i++;
      while (validJson[i] !== '"') i += validJson[i] === '\\' ? 2 : 1;
      let after = i + 1;
      while (' \t\r\n'.includes(validJson[after] as string)) after++;
      if (validJson[after] !== ':') continue;
      const key = JSON.parse(validJson.slice(start, i + 1)) as string;
      if (open.at(-1)?.has(key))
        throw new CheckpointError(`safetensors: expected every key once, got ${show(key)} twice`, damaged);
      open.at(-1)?.add(key);
    }
  }
}

function readMetadata(value: unknown): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  if (value === undefined) return metadata;
  if (!isRecord(value))
    throw new CheckpointError(`safetensors: expected ${metadataKey} to be an object, got ${show(value)}`, damaged);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string')
      throw new CheckpointError(`safetensors: metadata ${show(key)}: expected a string, got ${show(text)}`, damaged);
    metadata[key] = text;
  }
  return metadata;
}

interface Entry {
  readonly name: string;
  readonly format: Format;
  readonly shape: Shape;
  readonly begin: number;
  readonly end: number;
}

function readEntry(name: string, value: unknown, dataBytes: number): Entry {
  if (!isRecord(value)) throw tensorError(name, 'an object', show(value), damaged);
  const { dtype, shape, data_offsets: offsets } = value;
  const format = typeof dtype === 'string' ? formats.get(dtype) : undefined;
  if (!format) throw tensorError(name, 'a known dtype', show(dtype), `known: ${[...formats.keys()].join(', ')}`);
  if (!areSizes(shape)) throw tensorError(name, 'a shape of integers >= 0', show(shape), damaged);
  if (!areSizes(offsets) || offsets.length !== 2)
    throw tensorError(name, 'data_offsets of two integers >= 0', show(offsets), damaged);
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > dataBytes)
    throw tensorError(name, `data_offsets in order and within ${dataBytes} bytes`, show(offsets), damaged);
  requireByteLength(name, shape, dtype as string, format.bytes, end - begin);
  return { name, format, shape, begin, end };
}

function requireByteLength(name: string, shape: Shape, code: string, elementBytes: number, actual: number): void {
  let expected = elementBytes;
  for (const extent of shape) {
    expected *= extent;
    if (!isSize(extent) || !isSize(expected)) throw tensorError(name, 'a possible shape', show(shape), damaged);
  }
  if (expected !== actual)
    throw tensorError(name, `${expected} bytes for ${code} ${show(shape)}`, String(actual), damaged);
}

function requireBooleans(name: string, data: Uint8Array): void {
  const wrong = data.find((byte) => byte > 1);
  if (wrong !== undefined) throw tensorError(name, 'BOOL bytes of 0 or 1', String(wrong), damaged);
}

/** Little-endian IEEE halves as float32, exactly. */
export function float16ToFloat32(bytes: Uint8Array): DataOf<'float32'> {
  allHalves ??= Float32Array.from({ length: 1 << 16 }, (_, half) => halfValue(half));
  const table = allHalves;
  return widen(bytes, (half) => table[half] as number);
}

/** The value of each of the 65,536 halves: powers of two for every number of a file would take most of the reading. */
let allHalves: Float32Array | undefined;

function halfValue(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  // subnormal: fraction · 2⁻²⁴; normal: (1 + fraction / 2¹⁰) · 2^(exponent − 15)
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Little-endian bfloat16 as float32, exactly. */
export function bfloat16ToFloat32(bytes: Uint8Array): DataOf<'float32'> {
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  return widen(bytes, (half) => {
    bits[0] = half << 16;
    return value[0] as number;
  });
}

function widen(bytes: Uint8Array, convert: (half: number) => number): DataOf<'float32'> {
  const values = new Float32Array(bytes.length / 2);
  for (let i = 0; i < values.length; i++)
    values[i] = convert((bytes[2 * i] as number) | ((bytes[2 * i + 1] as number) << 8));
  return values;
}

const quote = (text: string): string => JSON.stringify(text);
const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const areSizes = (value: unknown): value is number[] => Array.isArray(value) && value.every(isSize);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A short, printable form of any value: names in a hostile file may be megabytes long or full of escapes. */
function show(value: unknown): string {
  if (typeof value === 'string') return quote(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (!Array.isArray(value)) return isRecord(value) ? 'an object' : String(value);
  const items = value.slice(0, 8).map((item) => (Array.isArray(item) ? 'an array' : show(item)));
  return `[${items.join(', ')}${value.length > 8 ? ', …' : ''}]`;
}

function tensorError(name: string, expected: string, got: string, hint: string): CheckpointError {
  return new CheckpointError(
    `safetensors: tensor \`${show(name).slice(1, -1)}\`: expected ${expected}, got ${got}`,
    hint,
  );
}
