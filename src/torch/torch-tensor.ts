/** Tensors out of storages: contiguous ones are views where they can be, the others are gathered along their strides. */

import { quote } from '../pickle/index.ts';
import { bytesPerElement, sizeOf, stridesOf, type Tensor } from '../tensor/index.ts';
import type { TensorReference } from './tensor-reference.ts';
import { torchError } from './torch-error.ts';

/** The bytes of a storage. @throws CheckpointError where the file has none under this key */
export type Storages = (key: string) => Uint8Array;

/** Strides of 0 let one element stand for billions, so what is built has a limit, in terms of the file. */
const roomForExpanded = { factor: 8, bytes: 1 << 24 };

/**
 * A function that builds tensors, each once, as long as they stay in proportion to a file of `fileBytes`.
 * @throws CheckpointError (the function) where a storage is shorter than its pickle says
 */
export function tensorBuilder(storages: Storages, fileBytes: number): (reference: TensorReference) => Tensor {
  const built = new Map<TensorReference, Tensor>();
  const limit = fileBytes * roomForExpanded.factor + roomForExpanded.bytes;
  let total = 0;
  return (reference) => {
    const { storage, shape, strides } = reference;
    const known = built.get(reference);
    if (known) return known;
    const { dtype } = storage;
    const count = sizeOf(shape);
    const span = count === 0 ? 0 : shape.reduce((last, extent, i) => last + (extent - 1) * (strides[i] as number), 1);
    total += count * bytesPerElement[dtype.dtype] + (isContiguous(reference) ? 0 : span * dtype.bytes);
    if (!(total <= limit))
      throw torchError(
        `expected tensors in proportion to the file's ${fileBytes} bytes, got [${shape.join(', ')}], far larger than its storage`,
        'save clones of expanded tensors, or the file is hostile',
      );
    const all = storages(storage.key);
    const begin = (storage.begin + reference.offset) * dtype.bytes;
    if (begin + span * dtype.bytes > all.length)
      throw torchError(
        `expected at least ${begin + span * dtype.bytes} bytes in storage ${quote(storage.key)}, got ${all.length}`,
      );
    const bytes = all.subarray(begin, begin + span * dtype.bytes);
    const contiguous = isContiguous(reference) ? bytes : gather(bytes, dtype.bytes, shape, strides);
    const tensor = { dtype: dtype.dtype, shape: [...shape], data: dtype.read(contiguous) };
    built.set(reference, tensor);
    return tensor;
  };
}

/** Strides along axes of one element do not matter. */
function isContiguous({ shape, strides }: TensorReference): boolean {
  const expected = stridesOf(shape);
  return shape.includes(0) || shape.every((extent, axis) => extent === 1 || strides[axis] === expected[axis]);
}

const words = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: BigUint64Array } as const;

/** The elements, `width` bytes each, in row-major order. */
function gather(bytes: Uint8Array, width: number, shape: readonly number[], strides: readonly number[]): Uint8Array {
  // Words of any width are moved alike; the type of one stands for all.
  const Words = words[width as keyof typeof words] as typeof Uint8Array;
  const aligned = bytes.byteOffset % width === 0 ? bytes : Uint8Array.from(bytes);
  const source = new Words(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.length / width);
  const target = new Words(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < target.length; to++) {
    target[to] = source[from] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      from -= (strides[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return new Uint8Array(target.buffer);
}
