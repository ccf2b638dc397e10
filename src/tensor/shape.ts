/** Arithmetic on shapes: row-major, outermost axis first. */
import { ShapeError } from './errors.ts';

export type Shape = readonly number[];

/** Number of elements of a tensor of this shape; 1 for a scalar `[]`. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** Elements between neighbours along each axis of a contiguous row-major tensor. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis] as number;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** `[8, 64, 56, 56]`, as error messages show it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/**
 * The shape that two operands share after broadcasting (NumPy's rule: aligned at the last axis, extents equal or 1).
 * @throws ShapeError where an extent differs and neither is 1
 */
export function broadcastShapes(a: Shape, b: Shape, where: string): number[] {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const left = a[a.length - i] ?? 1;
    const right = b[b.length - i] ?? 1;
    if (left !== right && left !== 1 && right !== 1)
      throw new ShapeError(
        `${where}: shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: ${left} against ${right}`,
        'extents must be equal, or one of them 1, counted from the last axis',
      );
    shape[rank - i] = left === 1 ? right : left;
  }
  return shape;
}
