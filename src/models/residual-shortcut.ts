/** What a residual block adds to its result: its own input, made to fit where the block changes the shape. */
import { add, concat, pad, scope, slice, type Value } from '../ir/index.ts';
import { averagePool, batchNorm, conv } from '../nn/index.ts';
import { sameShape } from '../tensor/index.ts';

/** From a block's input x and its result y to x + y, or y alone in a plain network; `stride` is the block's. */
export type Join = (x: Value, y: Value, stride: number) => Value;

/** He et al. 2015, §3.3 and §4.1: the ways to join an input of fewer channels on a larger map. */
export const joins = {
  /** Every `stride`-th pixel, with zeros for the channels that are missing, half of them on each side: no parameters. */
  A: (x, y, stride) => add(y, fittedInput(x, y, stride)),
  /** A 1×1 convolution and a batch norm where the shape changes. */
  B: (x, y, stride) =>
    add(y, sameShape(x.type.shape, y.type.shape) ? x : scope('shortcut', () => project(x, y, stride))),
  /** As B, but the projection has stride 1 and follows a 2×2 average pooling (He et al. 2019, arXiv 1812.01187, §4.2, ResNet-D). */
  D: (x, y, stride) =>
    add(y, sameShape(x.type.shape, y.type.shape) ? x : scope('shortcut', () => project(averaged(x, stride), y, 1))),
  none: (_, y) => y,
} as const satisfies Record<string, Join>;

/** A block's input x as option A brings it to the shape of the result y. */
export const fittedInput: Join = (x, y, stride) => zeroPad(subsample(x, stride), y);

function subsample(x: Value, stride: number): Value {
  const [, , height, width] = x.type.shape as [number, number, number, number];
  return slice(x, { axes: [2, 3], starts: [0, 0], stops: [height, width], steps: [stride, stride] });
}

function zeroPad(x: Value, y: Value): Value {
  const missing = channelsOf(y) - channelsOf(x);
  const before = Math.floor(missing / 2);
  return pad(x, { before: [0, before, 0, 0], after: [0, missing - before, 0, 0] });
}

/** The mean of each 2×2 window; at the end of an odd map, of what is there. */
function averaged(x: Value, stride: number): Value {
  return stride === 1 ? x : averagePool(repeatLast(repeatLast(x, 2), 3), { kernel: 2 });
}

/** An odd axis with its last row or column twice, which leaves the mean of a window that it fills as it was. */
function repeatLast(x: Value, axis: number): Value {
  const extent = x.type.shape[axis] as number;
  if (extent % 2 === 0) return x;
  return concat([x, slice(x, { axes: [axis], starts: [extent - 1], stops: [extent] })], axis);
}

const project = (x: Value, y: Value, stride: number) => batchNorm(conv(x, channelsOf(y), { kernel: 1, stride }));

const channelsOf = (x: Value) => x.type.shape[1] as number;
