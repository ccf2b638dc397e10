/** The same elements under another shape, or with their axes in another order. */
import { formatShape, type Shape, ShapeError, sameShape, sizeOf, stridesOf } from '../../tensor/index.ts';
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { forEachBroadcast } from './pointwise.ts';

export const reshapeOp = defineOp({
  name: 'reshape',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x], { shape }: { shape: Shape }) => {
    const known = sizeOf(shape.filter((extent) => extent !== -1));
    const resolved = shape.map((extent) => (extent === -1 ? sizeOf(x.shape) / known : extent));
    if (
      shape.filter((extent) => extent === -1).length > 1 ||
      sizeOf(resolved) !== sizeOf(x.shape) ||
      !resolved.every(Number.isInteger)
    )
      throw new ShapeError(
        `reshape: ${formatShape(x.shape)} does not fill ${formatShape(shape)}`,
        'at most one extent may be -1',
      );
    return [{ dtype: x.dtype, shape: resolved }];
  },
  evaluate: ([x], [y]) => y.data.set(x.data),
  gradient: { x: ({ inputs: [x], cotangents: [dy] }) => reshape(dy, x.type.shape) },
  isView: true,
  recompute: 'cheap',
  samples: [
    { inputs: [[2, 6]], attributes: { shape: [3, 4] } },
    { inputs: [[2, 3, 2, 2]], attributes: { shape: [-1, 12] } },
  ],
});

/** `x` under another shape of equal size; one extent may be -1 and is worked out. @throws ShapeError */
export function reshape(x: Value, shape: Shape): Value {
  if (sameShape(x.type.shape, shape)) return x;
  // an extent that stays in front is worked out, so that the node fits any batch size
  const keepsFirst = shape[0] === x.type.shape[0] && shape.length > 0 && sizeOf(shape) === sizeOf(x.type.shape);
  return applyOne(reshapeOp, [x], { shape: keepsFirst ? [-1, ...shape.slice(1)] : shape });
}

/** Everything but the batch on one axis: [N, …] to [N, size]. */
export function flatten(x: Value): Value {
  return x.type.shape.length === 2 ? x : reshape(x, [-1, sizeOf(x.type.shape.slice(1))]);
}

export const transposeOp = defineOp({
  name: 'transpose',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x], { permutation }: { permutation: readonly number[] }) => {
    const sorted = [...permutation].sort((a, b) => a - b);
    if (!sameShape(sorted, [...x.shape.keys()]))
      throw new ShapeError(
        `transpose: ${formatShape(permutation)} does not order the ${x.shape.length} axes of ${formatShape(x.shape)}`,
      );
    return [{ dtype: x.dtype, shape: permutation.map((axis) => x.shape[axis] as number) }];
  },
  evaluate: ([x], [y], { permutation }) => {
    const strides = stridesOf(x.shape);
    const position = new Array<number>(y.shape.length).fill(0);
    forEachBroadcast(y.shape, [], (i) => {
      let rest = i;
      for (let axis = y.shape.length - 1; axis >= 0; axis--) {
        position[axis] = rest % (y.shape[axis] as number);
        rest = Math.floor(rest / (y.shape[axis] as number));
      }
      const source = permutation.reduce(
        (sum, axis, to) => sum + (strides[axis] as number) * (position[to] as number),
        0,
      );
      y.data[i] = x.data[source] as number;
    });
  },
  gradient: {
    x: ({ attributes: { permutation }, cotangents: [dy] }) =>
      transpose(
        dy,
        permutation.map((_, axis) => permutation.indexOf(axis)),
      ),
  },
  recompute: 'cheap',
  samples: [
    { inputs: [[2, 3]], attributes: { permutation: [1, 0] } },
    { inputs: [[2, 3, 4]], attributes: { permutation: [2, 0, 1] } },
  ],
});

/** Output axis i is input axis `permutation[i]`. @throws ShapeError unless every axis stands once */
export function transpose(x: Value, permutation: readonly number[]): Value {
  return applyOne(transposeOp, [x], { permutation });
}
