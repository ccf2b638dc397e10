import { describe, expect, it } from 'vitest';
import { smallProgram } from '../../../../tests/small-program.ts';
import { type Node, pad, relu, slice, type Value } from '../../../ir/index.ts';
import { channelShift, skippedPixels, spreadPixels } from './subsampling.ts';

type Box = Parameters<typeof slice>[1];
type Amounts = Parameters<typeof pad>[1];

const nodeOf = ({ source }: Value): Node => {
  if (source.kind !== 'node') throw new Error('nothing was made');
  return source.node;
};
const made = (shape: readonly number[], make: (x: Value) => Value): Node => {
  let node: Node | undefined;
  smallProgram(({ input }) => {
    node = nodeOf(make(input('x', ...shape)));
    return {};
  });
  return node as Node;
};
const map = [2, 16, 8, 6];
const cut = (box: Box, shape: readonly number[] = map) => made(shape, (x) => slice(x, box));
const padded = (amounts: Amounts, shape: readonly number[] = map) => made(shape, (x) => pad(x, amounts));
const none = [0, 0, 0, 0];

describe('a slice of whole maps that skips pixels is a pooling', () => {
  it('with its steps as strides', () => {
    expect(skippedPixels(cut({ axes: [2, 3], starts: [0, 0], stops: [8, 6], steps: [2, 3] }))).toEqual([2, 3]);
    expect(skippedPixels(cut({ axes: [3], starts: [0], stops: [6], steps: [2] }))).toEqual([1, 2]);
    expect(skippedPixels(cut({ axes: [3, 2], starts: [0, 0], stops: [6, 8], steps: [2, 1] }))).toEqual([1, 2]);
  });

  it('but not from another pixel on, up to another one, or of other axes', () => {
    expect(skippedPixels(cut({ axes: [2, 3], starts: [1, 0], stops: [8, 6], steps: [2, 2] }))).toBeUndefined();
    expect(skippedPixels(cut({ axes: [2, 3], starts: [0, 0], stops: [6, 6], steps: [2, 2] }))).toBeUndefined();
    expect(skippedPixels(cut({ axes: [1, 2], starts: [0, 0], stops: [16, 8], steps: [2, 2] }))).toBeUndefined();
    expect(skippedPixels(cut({ axes: [2], starts: [0], stops: [4] }))).toBeUndefined();
  });

  it('and not of rows, or anything but a slice', () => {
    expect(skippedPixels(cut({ axes: [2], starts: [0], stops: [8], steps: [2] }, [2, 16, 8]))).toBeUndefined();
    expect(skippedPixels(made(map, relu))).toBeUndefined();
  });
});

describe('a padding that sets pixels apart is the gradient of such a pooling', () => {
  const apart = (between: number[], after: number[] = none, before: number[] = none) =>
    spreadPixels(padded({ before, after, between }));

  it('with strides one larger than the gaps, and what a last stride leaves behind', () => {
    expect(apart([0, 0, 1, 1])).toEqual([2, 2]);
    expect(apart([0, 0, 0, 2], [0, 0, 0, 2])).toEqual([1, 3]);
    expect(apart([0, 0, 1, 1], [0, 0, 1, 1])).toEqual([2, 2]);
  });

  it('but not with more behind, with something in front, or between channels', () => {
    expect(apart([0, 0, 1, 1], [0, 0, 2, 0])).toBeUndefined();
    expect(apart([0, 0, 1, 0], [0, 0, 0, 1])).toBeUndefined();
    expect(apart([0, 0, 1, 1], none, [0, 0, 1, 0])).toBeUndefined();
    expect(apart([0, 0, 1, 1], [0, 4, 0, 0])).toBeUndefined();
    expect(apart([0, 1, 1, 1])).toBeUndefined();
    expect(apart(none, [0, 0, 1, 1])).toBeUndefined();
    expect(spreadPixels(padded({ before: [0, 0], after: [0, 0], between: [1, 1] }, [4, 4]))).toBeUndefined();
  });
});

describe('channels that only move are a convolution by zeros and ones', () => {
  const range = (start: number, stop: number, shape = map) => cut({ axes: [1], starts: [start], stops: [stop] }, shape);

  it('by where a slice begins, and by what a padding puts in front', () => {
    expect(channelShift(range(4, 12))).toBe(4);
    expect(channelShift(range(0, 12))).toBe(0);
    expect(channelShift(cut({ axes: [1, 2], starts: [4, 0], stops: [8, 8] }))).toBe(4);
    expect(channelShift(padded({ before: [0, 3, 0, 0], after: [0, 5, 0, 0] }))).toBe(-3);
    expect(channelShift(padded({ before: none, after: [0, 16, 0, 0] }))).toBe(0);
  });

  it('but not where pixels or images move too, or channels are skipped or set apart', () => {
    expect(channelShift(cut({ axes: [1, 2], starts: [4, 1], stops: [8, 8] }))).toBeUndefined();
    expect(channelShift(cut({ axes: [1], starts: [0], stops: [16], steps: [2] }))).toBeUndefined();
    expect(channelShift(cut({ axes: [2], starts: [1], stops: [8] }))).toBeUndefined();
    expect(channelShift(padded({ before: [0, 3, 1, 0], after: none }))).toBeUndefined();
    expect(channelShift(padded({ before: [1, 3, 0, 0], after: none }))).toBeUndefined();
    expect(channelShift(padded({ before: none, after: none, between: [0, 1, 0, 0] }))).toBeUndefined();
  });

  it('and not where a matrix for so many channels costs more than the copy', () => {
    expect(channelShift(range(4, 12, [1, 256, 2, 2]))).toBe(4);
    expect(channelShift(range(4, 12, [1, 257, 2, 2]))).toBeUndefined();
    expect(channelShift(padded({ before: none, after: [0, 241, 0, 0] }))).toBeUndefined();
    expect(channelShift(range(4, 12, [2, 16, 8]))).toBeUndefined();
  });
});
