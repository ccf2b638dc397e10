/** What the pointwise ops share: their types, and loops that broadcast. */
import { broadcastShapes, type Dtype, type Shape, ShapeError, sizeOf, stridesOf } from '../../tensor/index.ts';
import type { Array64, TensorType } from '../op.ts';

/** The type of `f(a, b)`: shapes broadcast, dtypes are equal. @throws ShapeError */
export function inferBinary(where: string, a: TensorType, b: TensorType, dtype: Dtype = a.dtype): [TensorType] {
  if (a.dtype !== b.dtype)
    throw new ShapeError(
      `${where}: expected equal dtypes, but got ${a.dtype} and ${b.dtype}`,
      'cast one of them first',
    );
  return [{ dtype, shape: broadcastShapes(a.shape, b.shape, where) }];
}

/** Strides of `shape` seen from the aligned `target`: 0 along axes that it broadcasts. */
function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = stridesOf(shape);
  const lead = target.length - shape.length;
  return target.map((_, axis) => (axis < lead || shape[axis - lead] === 1 ? 0 : (strides[axis - lead] as number)));
}

/** Calls `visit` with the flat offsets of every element of `target` in itself and in each operand. */
export function forEachBroadcast(
  target: Shape,
  operands: readonly Shape[],
  visit: (index: number, offsets: readonly number[]) => void,
): void {
  const strides = operands.map((shape) => broadcastStrides(shape, target));
  const position = new Array<number>(target.length).fill(0);
  const offsets = new Array<number>(operands.length).fill(0);
  const size = sizeOf(target);
  for (let index = 0; index < size; index++) {
    visit(index, offsets);
    for (let axis = target.length - 1; axis >= 0; axis--) {
      const extent = target[axis] as number;
      position[axis] = (position[axis] as number) + 1;
      const wraps = position[axis] === extent;
      for (let k = 0; k < operands.length; k++) {
        const stride = (strides[k] as number[])[axis] as number;
        offsets[k] = (offsets[k] as number) + (wraps ? -stride * (extent - 1) : stride);
      }
      if (!wraps) break;
      position[axis] = 0;
    }
  }
}

/** y[i] = f(a[i], b[i]) with broadcasting. */
export function mapBinary(a: Array64, b: Array64, y: Array64, f: (a: number, b: number) => number): void {
  forEachBroadcast(y.shape, [a.shape, b.shape], (i, [p, q]) => {
    y.data[i] = f(a.data[p as number] as number, b.data[q as number] as number);
  });
}

/** y[i] = f(x[i]). */
export function mapUnary(x: Array64, y: Array64, f: (x: number) => number): void {
  for (let i = 0; i < y.data.length; i++) y.data[i] = f(x.data[i] as number);
}

/** @throws ShapeError unless `type` is a float tensor, with the given rank if one is given */
export function expectFloat(where: string, name: string, type: TensorType, rank?: number): void {
  if (type.dtype !== 'float32')
    throw new ShapeError(`${where}: expected \`${name}\` to be float32, but it is ${type.dtype}`, 'use cast() first');
  if (rank !== undefined && type.shape.length !== rank)
    throw new ShapeError(
      `${where}: expected \`${name}\` to have ${rank} axes, but its shape is [${type.shape.join(', ')}]`,
    );
}

export const binarySamples = [
  {
    inputs: [
      [2, 3],
      [2, 3],
    ],
    attributes: {},
  },
  {
    inputs: [
      [2, 3, 4],
      [3, 1],
    ],
    attributes: {},
  },
  { inputs: [[4], [2, 1, 4]], attributes: {} },
  { inputs: [[2, 3], []], attributes: {} },
] as const;
