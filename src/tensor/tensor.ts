/** A tensor on the host: a dtype, a shape and a typed array in row-major order. */
import { ShapeError } from './errors.ts';
import { formatShape, type Shape, sizeOf } from './shape.ts';

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const;

export type Dtype = keyof typeof arrays;

interface Data {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  int64: BigInt64Array;
  uint8: Uint8Array;
  bool: Uint8Array;
}
export type DataOf<D extends Dtype> = Data[D];

export interface Tensor<D extends Dtype = Dtype> {
  readonly dtype: D;
  readonly shape: Shape;
  readonly data: DataOf<D>;
}

export const bytesPerElement: Readonly<Record<Dtype, number>> = {
  float32: 4,
  float64: 8,
  int32: 4,
  int64: 8,
  uint8: 1,
  bool: 1,
};

/** Wraps `data` without copying. @throws ShapeError where the element count does not match the shape */
export function tensor<D extends Dtype>(dtype: D, shape: Shape, data: DataOf<D>): Tensor<D> {
  if (data.length !== sizeOf(shape))
    throw new ShapeError(
      `tensor: shape ${formatShape(shape)} holds ${sizeOf(shape)} elements, but the data has ${data.length}`,
    );
  return { dtype, shape: [...shape], data };
}

/** A new tensor of zeros. */
export function zeros<D extends Dtype>(dtype: D, shape: Shape): Tensor<D> {
  return { dtype, shape: [...shape], data: new arrays[dtype](sizeOf(shape)) as DataOf<D> };
}

/** The `dtype`'s typed array over `bytes`: a view where they are aligned, a copy where not. */
export function viewBytes<D extends Dtype>(dtype: D, bytes: Uint8Array): DataOf<D> {
  const array = arrays[dtype];
  const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : Uint8Array.from(bytes); // a Buffer's slice() would not copy
  return new array(
    aligned.buffer as ArrayBuffer,
    aligned.byteOffset,
    aligned.byteLength / array.BYTES_PER_ELEMENT,
  ) as DataOf<D>;
}
