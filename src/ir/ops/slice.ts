/** Cutting out along axes and its opposite, padding with zeros; each is the other's gradient. */
import { formatShape, type Shape, ShapeError, stridesOf } from '../../tensor/index.ts';
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { type Array64, defineOp } from '../op.ts';
import { type Pair, pixel } from './window.ts';

export interface SliceAttributes {
  readonly axes: readonly number[];
  readonly starts: readonly number[];
  readonly stops: readonly number[];
  readonly steps: readonly number[];
}

export interface PadAttributes {
  /** Zeros in front of, behind, and between neighbours along each axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly between: readonly number[];
}

/** Visits the elements of a small box inside a large one: `small[i]` sits at `large[start + i · step]`. */
function forEachInBox(
  small: Shape,
  large: Shape,
  starts: readonly number[],
  steps: readonly number[],
  visit: (inSmall: number, inLarge: number) => void,
): void {
  const strides = stridesOf(large);
  let index = 0;
  const walk = (axis: number, offset: number): void => {
    if (axis === small.length) {
      visit(index++, offset);
      return;
    }
    for (let i = 0; i < (small[axis] as number); i++)
      walk(axis + 1, offset + ((starts[axis] as number) + i * (steps[axis] as number)) * (strides[axis] as number));
  };
  walk(0, 0);
}

/** A slice's start and step on every axis of a tensor of this rank. */
function everyAxis(rank: number, { axes, starts, steps }: SliceAttributes): { starts: number[]; steps: number[] } {
  const full = { starts: new Array<number>(rank).fill(0), steps: new Array<number>(rank).fill(1) };
  axes.forEach((axis, i) => {
    full.starts[axis] = starts[i] as number;
    full.steps[axis] = steps[i] as number;
  });
  return full;
}

export const sliceOp = defineOp({
  name: 'slice',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x], { axes, starts, stops, steps }: SliceAttributes) => {
    const shape = [...x.shape];
    axes.forEach((axis, i) => {
      const [start, stop, step] = [starts[i] as number, stops[i] as number, steps[i] as number];
      const extent = x.shape[axis];
      if (
        extent === undefined ||
        ![start, stop, step].every(Number.isInteger) ||
        !(start >= 0 && start < stop && stop <= extent && step >= 1)
      )
        throw new ShapeError(
          `slice: ${start} to ${stop} step ${step} does not lie in axis ${axis} of ${formatShape(x.shape)}`,
        );
      shape[axis] = Math.ceil((stop - start) / step);
    });
    return [{ dtype: x.dtype, shape }];
  },
  evaluate: ([x], [y], attributes) => {
    const { starts, steps } = everyAxis(x.shape.length, attributes);
    forEachInBox(y.shape, x.shape, starts, steps, (i, j) => {
      y.data[i] = x.data[j] as number;
    });
  },
  gradient: {
    x: ({ inputs: [x], outputs: [y], attributes, cotangents: [dy] }) => {
      const { starts, steps } = everyAxis(x.type.shape.length, attributes);
      const after = x.type.shape.map((extent, axis) => {
        const count = y.type.shape[axis] as number;
        return extent - (starts[axis] as number) - ((count - 1) * (steps[axis] as number) + 1);
      });
      return pad(dy, { before: starts, after, between: steps.map((step) => step - 1) });
    },
  },
  window: ([x], attributes) => {
    const { starts, steps } = everyAxis(x.shape.length, attributes);
    const onMap = (of: readonly number[]): Pair => [of[2] ?? 0, of[3] ?? 0];
    const [top, left] = onMap(starts);
    return { ...pixel, stride: onMap(steps), padding: [-top, -left] };
  },
  recompute: 'cheap',
  samples: [
    { inputs: [[4, 5]], attributes: { axes: [1], starts: [1], stops: [4], steps: [1] } },
    { inputs: [[2, 3, 5, 6]], attributes: { axes: [2, 3], starts: [0, 0], stops: [5, 6], steps: [2, 2] } },
    { inputs: [[7]], attributes: { axes: [0], starts: [1], stops: [7], steps: [4] } },
  ],
});

/** `x` from `starts` up to but without `stops` along `axes`, every `steps`-th element (default 1). @throws ShapeError outside of `x` */
export function slice(x: Value, box: Omit<SliceAttributes, 'steps'> & { readonly steps?: readonly number[] }): Value {
  const whole = box.axes.every(
    (axis, i) => box.starts[i] === 0 && box.stops[i] === x.type.shape[axis] && (box.steps?.[i] ?? 1) === 1,
  );
  return whole ? x : applyOne(sliceOp, [x], { ...box, steps: box.steps ?? box.axes.map(() => 1) });
}

export const padOp = defineOp({
  name: 'pad',
  inputs: ['x'],
  outputs: ['y'],
  infer: ([x], { before, after, between }: PadAttributes) => {
    const amounts = [before, after, between];
    if (
      amounts.some((amount) => amount.length !== x.shape.length || amount.some((n) => !(Number.isInteger(n) && n >= 0)))
    )
      throw new ShapeError(
        `pad: expected ${x.shape.length} amounts of at least 0 for each of before, after and between, but got ${amounts.map(formatShape).join(', ')} for ${formatShape(x.shape)}`,
      );
    const shape = x.shape.map(
      (extent, axis) =>
        (before[axis] as number) + extent + (extent - 1) * (between[axis] as number) + (after[axis] as number),
    );
    return [{ dtype: x.dtype, shape }];
  },
  evaluate: ([x], [y]: readonly [Array64], { before, between }) => {
    forEachInBox(
      x.shape,
      y.shape,
      before,
      between.map((n) => n + 1),
      (i, j) => {
        y.data[j] = x.data[i] as number;
      },
    );
  },
  gradient: {
    x: ({ inputs: [x], attributes: { before, between }, cotangents: [dy] }) => {
      const steps = between.map((n) => n + 1);
      const stops = x.type.shape.map(
        (extent, axis) => (before[axis] as number) + (extent - 1) * (steps[axis] as number) + 1,
      );
      return slice(dy, { axes: x.type.shape.map((_, axis) => axis), starts: before, stops, steps });
    },
  },
  window: (_, { before, between }) =>
    between.every((n) => n === 0) ? { ...pixel, padding: [before[2] ?? 0, before[3] ?? 0] } : undefined,
  recompute: 'cheap',
  samples: [
    { inputs: [[2, 3]], attributes: { before: [0, 1], after: [0, 2], between: [0, 0] } },
    { inputs: [[2, 2, 3, 2]], attributes: { before: [0, 1, 0, 0], after: [0, 1, 1, 0], between: [0, 0, 1, 1] } },
    { inputs: [[3, 2]], attributes: { before: [1, 0], after: [0, 3], between: [0, 2] } },
    { inputs: [[2, 4, 3, 3]], attributes: { before: [0, 2, 0, 0], after: [0, 2, 0, 0], between: [0, 0, 0, 0] } },
  ],
});

/** Zeros around `x`, and `between` of them after every element but the last of an axis (default none). @throws ShapeError */
export function pad(
  x: Value,
  amounts: { before: readonly number[]; after: readonly number[]; between?: readonly number[] },
): Value {
  const between = amounts.between ?? x.type.shape.map(() => 0);
  const nothing = [amounts.before, amounts.after, between].every((amount) => amount.every((n) => n === 0));
  return nothing ? x : applyOne(padOp, [x], { before: amounts.before, after: amounts.after, between });
}
