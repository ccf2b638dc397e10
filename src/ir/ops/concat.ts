/** Joining along an axis. */
import { formatShape, ShapeError, sizeOf } from '../../tensor/index.ts';
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp, type TensorType } from '../op.ts';
import { slice } from './slice.ts';
import { pixel } from './window.ts';

export const concatOp = defineOp({
  name: 'concat',
  inputs: ['...xs'],
  outputs: ['y'],
  infer: (xs, { axis }: { axis: number }) => {
    const first = xs[0] as TensorType;
    xs.forEach((x, i) => {
      const fits =
        x.dtype === first.dtype &&
        x.shape.length === first.shape.length &&
        x.shape.every((e, a) => a === axis || e === first.shape[a]);
      if (!fits || !(axis >= 0 && axis < first.shape.length))
        throw new ShapeError(
          `concat: input ${i} is ${x.dtype} ${formatShape(x.shape)} and does not join ${first.dtype} ${formatShape(first.shape)} along axis ${axis}`,
          'all axes but the joined one must be equal',
        );
    });
    const extent = xs.reduce((sum, x) => sum + (x.shape[axis] as number), 0);
    return [{ dtype: first.dtype, shape: first.shape.map((e, a) => (a === axis ? extent : e)) }];
  },
  evaluate: (xs, [y], { axis }) => {
    const outer = sizeOf(y.shape.slice(0, axis));
    const row = sizeOf(y.shape.slice(axis));
    let start = 0;
    for (const x of xs) {
      const part = sizeOf(x.shape.slice(axis));
      for (let o = 0; o < outer; o++) y.data.set(x.data.subarray(o * part, (o + 1) * part), o * row + start);
      start += part;
    }
  },
  gradient: {
    '...xs': ({ inputs, index, attributes: { axis }, cotangents: [dy] }) => {
      const extents = inputs.map((x) => x.type.shape[axis] as number);
      const start = extents.slice(0, index).reduce((sum, extent) => sum + extent, 0);
      return slice(dy, { axes: [axis], starts: [start], stops: [start + (extents[index] as number)] });
    },
  },
  window: (xs, { axis }, index) => {
    if (axis !== 2 && axis !== 3) return pixel;
    // behind the parts before it
    const before = xs.slice(0, index).reduce((sum, x) => sum + (x.shape[axis] as number), 0);
    return { ...pixel, padding: axis === 2 ? [before, 0] : [0, before] };
  },
  isAssociative: true,
  recompute: 'dense',
  samples: [
    {
      inputs: [
        [2, 3, 2, 2],
        [2, 1, 2, 2],
      ],
      attributes: { axis: 1 },
    },
    { inputs: [[2], [3], [1]], attributes: { axis: 0 } },
  ],
});

/** The inputs one after the other along `axis` (default 1, the channels). @throws ShapeError where another axis differs */
export function concat(xs: readonly Value[], axis = 1): Value {
  return xs.length === 1 ? (xs[0] as Value) : applyOne(concatOp, xs, { axis });
}
