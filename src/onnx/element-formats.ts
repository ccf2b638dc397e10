/** How ONNX files store elements (TensorProto.DataType), and what they become on the host. */
import type { BinaryReader } from '@bufbuild/protobuf/wire';
import {
  bfloat16ToFloat32,
  bytesPerElement,
  type DataOf,
  type Dtype,
  float16ToFloat32,
  viewBytes,
} from '../tensor/index.ts';
import type { NumberType } from './wire-fields.ts';

/** A field of TensorProto that holds numbers, where there is no `raw_data`. */
export interface NumberField {
  readonly field: number;
  readonly type: NumberType;
}

export interface ElementFormat {
  readonly name: string;
  /** Per element in `raw_data`. */
  readonly bytes: number;
  /** On the host. */
  readonly dtype: Dtype;
  /** Of floats that have another precision on the host. */
  readonly was?: 'half' | 'double';
  /** Little-endian elements as the host's; a view where nothing has to change. */
  readonly read: (raw: Uint8Array) => DataOf<Dtype>;
  readonly numbers: NumberField;
  /** Puts the reader's next number where `raw_data` would have it. */
  readonly put: (raw: DataView, offset: number, reader: BinaryReader) => void;
}

const floatData: NumberField = { field: 4, type: 'fixed32' };
const int32Data: NumberField = { field: 5, type: 'varint' };
const int64Data: NumberField = { field: 7, type: 'varint' };
const doubleData: NumberField = { field: 10, type: 'fixed64' };
const uint64Data: NumberField = { field: 11, type: 'varint' };

const native = (dtype: Dtype) => ({
  name: dtype,
  bytes: bytesPerElement[dtype],
  dtype,
  read: (raw: Uint8Array) => viewBytes(dtype, raw),
});

const putByte: ElementFormat['put'] = (raw, offset, reader) => raw.setUint8(offset, reader.int32());
const putShort: ElementFormat['put'] = (raw, offset, reader) => raw.setUint16(offset, reader.int32(), true);

/** By ONNX's number. */
export const elementFormats: ReadonlyMap<number, ElementFormat> = new Map<number, ElementFormat>([
  [
    1,
    {
      ...native('float32'),
      numbers: floatData,
      put: (raw, offset, reader) => raw.setFloat32(offset, reader.float(), true),
    },
  ],
  [2, { ...native('uint8'), numbers: int32Data, put: putByte }],
  [3, { name: 'int8', bytes: 1, dtype: 'int32', read: integers(1, 'getInt8'), numbers: int32Data, put: putByte }],
  [4, { name: 'uint16', bytes: 2, dtype: 'int32', read: integers(2, 'getUint16'), numbers: int32Data, put: putShort }],
  [5, { name: 'int16', bytes: 2, dtype: 'int32', read: integers(2, 'getInt16'), numbers: int32Data, put: putShort }],
  [
    6,
    {
      ...native('int32'),
      numbers: int32Data,
      put: (raw, offset, reader) => raw.setInt32(offset, reader.int32(), true),
    },
  ],
  [
    7,
    {
      ...native('int64'),
      numbers: int64Data,
      put: (raw, offset, reader) => raw.setBigInt64(offset, BigInt(reader.int64()), true),
    },
  ],
  [9, { ...native('bool'), read: truths, numbers: int32Data, put: putByte }],
  [
    10,
    {
      name: 'float16',
      bytes: 2,
      dtype: 'float32',
      was: 'half',
      read: float16ToFloat32,
      numbers: int32Data,
      put: putShort,
    },
  ],
  [
    11,
    {
      name: 'float64',
      bytes: 8,
      dtype: 'float32',
      was: 'double',
      read: (raw) => Float32Array.from(viewBytes('float64', raw)),
      numbers: doubleData,
      put: (raw, offset, reader) => raw.setFloat64(offset, reader.double(), true),
    },
  ],
  [
    12,
    {
      name: 'uint32',
      bytes: 4,
      dtype: 'int64',
      read: (raw) => {
        const view = viewOf(raw);
        return BigInt64Array.from({ length: raw.length / 4 }, (_, i) => BigInt(view.getUint32(4 * i, true)));
      },
      numbers: uint64Data,
      put: (raw, offset, reader) => raw.setUint32(offset, Number(BigInt(reader.uint64()) & 0xffffffffn), true),
    },
  ],
  [
    16,
    {
      name: 'bfloat16',
      bytes: 2,
      dtype: 'float32',
      was: 'half',
      read: bfloat16ToFloat32,
      numbers: int32Data,
      put: putShort,
    },
  ],
]);

const viewOf = (raw: Uint8Array) => new DataView(raw.buffer, raw.byteOffset, raw.byteLength);

function integers(bytes: number, get: 'getInt8' | 'getInt16' | 'getUint16'): (raw: Uint8Array) => Int32Array {
  return (raw) => {
    const view = viewOf(raw);
    return Int32Array.from({ length: raw.length / bytes }, (_, i) => view[get](bytes * i, true));
  };
}

/** As ONNX Runtime takes them: what is not 0 is true. */
function truths(raw: Uint8Array): Uint8Array {
  return raw.some((byte) => byte > 1) ? raw.map((byte) => (byte === 0 ? 0 : 1)) : viewBytes('bool', raw);
}
