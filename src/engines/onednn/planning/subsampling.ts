/** What slices and paddings of maps are to a library of convolutions and poolings, where they are more than copies. */
import { type Node, ops, type Value } from '../../../ir/index.ts';

interface Slice {
  readonly starts: readonly number[];
  readonly stops: readonly number[];
  readonly axes: readonly number[];
  readonly steps: readonly number[];
}

type Pad = Readonly<Record<'before' | 'after' | 'between', readonly number[]>>;

const isMap = ({ type }: Value) => type.shape.length === 4;

/** Strides of a slice that takes every n-th pixel of whole maps, from the first on: the mean under windows of one pixel. */
export function skippedPixels({ op, inputs, attributes }: Node): [number, number] | undefined {
  const [x] = inputs as [Value];
  if (op !== ops.slice || !isMap(x)) return undefined;
  const { starts, stops, axes, steps } = attributes as Slice;
  const isWhole = axes.every((axis, i) => axis >= 2 && starts[i] === 0 && stops[i] === x.type.shape[axis]);
  if (!isWhole || steps.every((step) => step === 1)) return undefined;
  return [2, 3].map((axis) => steps[axes.indexOf(axis)] ?? 1) as [number, number];
}

/** Strides of a padding that only sets pixels apart: the gradient of such a slice. */
export function spreadPixels({ op, inputs, attributes }: Node): number[] | undefined {
  if (op !== ops.pad || !isMap(inputs[0] as Value)) return undefined;
  const { before, after, between } = attributes as Pad;
  const onlyBetween = before.every((n) => n === 0) && between.slice(0, 2).every((n) => n === 0);
  const strides = between.slice(2).map((n) => n + 1);
  // pixels behind the last one that a window of the stride does not reach are padding of another kind
  const fits = after.slice(0, 2).every((n) => n === 0) && after.slice(2).every((n, i) => n < (strides[i] as number));
  return onlyBetween && fits && strides.some((n) => n > 1) ? strides : undefined;
}

/** Up to so many channels a matrix of zeros and ones costs nothing beside the copy. */
const fewChannels = 256;

/**
 * How far channels move where a slice or a padding moves nothing else: channel c of the result is channel c + shift of x, or zeros where
 * there is none. That is a convolution by a piece of an identity; undefined also where there are too many channels for it.
 */
export function channelShift({ op, inputs, outputs, attributes }: Node): number | undefined {
  const [x] = inputs as [Value];
  if (!isMap(x)) return undefined;
  if (op === ops.slice) {
    const { starts, stops, axes, steps } = attributes as Slice;
    const others = axes.filter((axis, i) => axis !== 1 && !(starts[i] === 0 && stops[i] === x.type.shape[axis]));
    const isCut = others.length === 0 && steps.every((step) => step === 1);
    return isCut && (x.type.shape[1] as number) <= fewChannels ? starts[axes.indexOf(1)] : undefined;
  }
  if (op !== ops.pad) return undefined;
  const { before, after, between } = attributes as Pad;
  const onlyChannels = [...before, ...after].every((n, i) => n === 0 || i % 4 === 1) && between.every((n) => n === 0);
  const fits = onlyChannels && ((outputs[0] as Value).type.shape[1] as number) <= fewChannels;
  return fits ? 0 - (before[1] as number) : undefined;
}
