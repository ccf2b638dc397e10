/** How PyTorch stores elements, and what they become on the host. */
import {
  bfloat16ToFloat32,
  bytesPerElement,
  CheckpointError,
  type DataOf,
  type Dtype,
  float16ToFloat32,
  viewBytes,
} from '../tensor/index.ts';

export interface TorchDtype {
  readonly name: string;
  /** Per element in the file. */
  readonly bytes: number;
  /** On the host. */
  readonly dtype: Dtype;
  /** Little-endian elements as the host's; a view where nothing has to change. */
  readonly read: (bytes: Uint8Array) => DataOf<Dtype>;
}

const native = (name: string, dtype: Dtype): TorchDtype => ({
  name,
  bytes: bytesPerElement[dtype],
  dtype,
  read: (bytes) => viewBytes(dtype, bytes),
});

const uint8 = native('uint8', 'uint8');

/** By the name of the storage's class in Python. */
export const storageDtypes: ReadonlyMap<string, TorchDtype> = new Map<string, TorchDtype>([
  ['torch.FloatStorage', native('float32', 'float32')],
  ['torch.DoubleStorage', native('float64', 'float64')],
  ['torch.HalfStorage', { name: 'float16', bytes: 2, dtype: 'float32', read: float16ToFloat32 }],
  ['torch.BFloat16Storage', { name: 'bfloat16', bytes: 2, dtype: 'float32', read: bfloat16ToFloat32 }],
  ['torch.LongStorage', native('int64', 'int64')],
  ['torch.IntStorage', native('int32', 'int32')],
  ['torch.ShortStorage', { name: 'int16', bytes: 2, dtype: 'int32', read: int16ToInt32 }],
  ['torch.CharStorage', { name: 'int8', bytes: 1, dtype: 'int32', read: int8ToInt32 }],
  ['torch.ByteStorage', uint8],
  ['torch.BoolStorage', { name: 'bool', bytes: 1, dtype: 'bool', read: readBooleans }],
  ['torch.UntypedStorage', uint8],
  ['torch.storage.UntypedStorage', uint8],
]);

function int16ToInt32(bytes: Uint8Array): Int32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Int32Array.from({ length: bytes.length / 2 }, (_, i) => view.getInt16(2 * i, true));
}

function int8ToInt32(bytes: Uint8Array): Int32Array {
  return Int32Array.from(bytes, (byte) => (byte << 24) >> 24);
}

function readBooleans(bytes: Uint8Array): Uint8Array {
  const wrong = bytes.find((byte) => byte > 1);
  if (wrong !== undefined)
    throw new CheckpointError(`torch file: expected booleans of 0 or 1, got ${wrong}`, 'the file is damaged');
  return viewBytes('bool', bytes);
}
