/** What a user reads whose shapes do not fit: where, what was expected, what came, and what to do. */
import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../tensor/index.ts';
import {
  add,
  averagePool2d,
  broadcastTo,
  cast,
  concat,
  conv2d,
  flatten,
  Graph,
  matmul,
  pad,
  reshape,
  slice,
  sum,
  transpose,
  type Value,
} from '../index.ts';

const graph = new Graph({ training: false });
let made = 0;
const x = (...shape: number[]): Value => graph.input(`x${made++}`, { dtype: 'float32', shape });

function messageOf(build: () => unknown): string {
  try {
    build();
  } catch (error) {
    expect(error).toBeInstanceOf(ShapeError);
    const { message, hint } = error as ShapeError;
    return hint === undefined ? message : `${message}\n${hint}`;
  }
  throw new Error('expected a ShapeError');
}

describe('conv2d', () => {
  it('names both numbers of channels and both shapes', () => {
    expect(messageOf(() => conv2d(x(8, 64, 56, 56), x(128, 32, 3, 3)))).toMatchInlineSnapshot(
      `"conv2d: \`x\` has 64 channels but \`weight\` expects 32 (x [8, 64, 56, 56], weight [128, 32, 3, 3], groups 1)"`,
    );
  });

  it('counts the groups in', () => {
    expect(messageOf(() => conv2d(x(1, 6, 5, 5), x(4, 2, 3, 3), { groups: 2 }))).toMatchInlineSnapshot(
      `"conv2d: \`x\` has 6 channels but \`weight\` expects 4 (x [1, 6, 5, 5], weight [4, 2, 3, 3], groups 2)"`,
    );
    expect(messageOf(() => conv2d(x(1, 6, 5, 5), x(4, 2, 3, 3), { groups: 3 }))).toMatchInlineSnapshot(
      `"conv2d: 4 output channels do not divide into 3 groups"`,
    );
  });

  it('wants four axes and a kernel that fits', () => {
    expect(messageOf(() => conv2d(x(6, 5, 5), x(4, 6, 3, 3)))).toMatchInlineSnapshot(
      `"conv2d: expected \`x\` to have 4 axes, but its shape is [6, 5, 5]"`,
    );
    expect(messageOf(() => conv2d(x(1, 6, 2, 5), x(4, 6, 3, 3)))).toMatchInlineSnapshot(`
      "conv2d: a kernel of 3×3 (dilation 1×1) does not fit into \`x\` [1, 6, 2, 5] with padding 0×0
      use a larger image, a smaller kernel or more padding"
    `);
  });
});

describe('pooling', () => {
  it('wants a window that fits', () => {
    const window = { kernel: [3, 3], stride: [1, 1], padding: [0, 0] } as const;
    expect(messageOf(() => averagePool2d(x(1, 6, 2, 2), window))).toMatchInlineSnapshot(`
      "averagePool2d: a kernel of 3×3 (dilation 1×1) does not fit into \`x\` [1, 6, 2, 2] with padding 0×0
      use a larger image, a smaller kernel or more padding"
    `);
  });
});

describe('concat', () => {
  it('names the first input that does not join', () => {
    expect(messageOf(() => concat([x(2, 3, 4, 4), x(2, 1, 4, 4), x(2, 3, 8, 8)]))).toMatchInlineSnapshot(`
      "concat: input 2 is float32 [2, 3, 8, 8] and does not join float32 [2, 3, 4, 4] along axis 1
      all axes but the joined one must be equal"
    `);
    expect(messageOf(() => concat([x(2, 3), x(2, 3, 1)]))).toMatchInlineSnapshot(`
      "concat: input 1 is float32 [2, 3, 1] and does not join float32 [2, 3] along axis 1
      all axes but the joined one must be equal"
    `);
    expect(messageOf(() => concat([x(2, 3), x(2, 3)], 2))).toMatchInlineSnapshot(`
      "concat: input 0 is float32 [2, 3] and does not join float32 [2, 3] along axis 2
      all axes but the joined one must be equal"
    `);
  });
});

describe('broadcasting', () => {
  it('shows both shapes and the extents that clash', () => {
    expect(messageOf(() => add(x(2, 3, 4), x(2, 3)))).toMatchInlineSnapshot(`
      "add: shapes [2, 3, 4] and [2, 3] do not broadcast: 4 against 3
      extents must be equal, or one of them 1, counted from the last axis"
    `);
    expect(messageOf(() => broadcastTo(x(2, 3), [2, 4]))).toMatchInlineSnapshot(`
      "broadcastTo: shapes [2, 3] and [2, 4] do not broadcast: 3 against 4
      extents must be equal, or one of them 1, counted from the last axis"
    `);
    expect(messageOf(() => broadcastTo(x(2, 3), [3]))).toMatchInlineSnapshot(
      `"broadcastTo: shape [2, 3] does not repeat to [3]"`,
    );
  });

  it('does not convert dtypes on its own', () => {
    expect(messageOf(() => add(x(2), cast(x(2), 'int32')))).toMatchInlineSnapshot(`
      "add: expected equal dtypes, but got float32 and int32
      cast one of them first"
    `);
  });
});

describe('reshape', () => {
  it('shows both shapes', () => {
    expect(messageOf(() => reshape(x(2, 3), [4, 2]))).toMatchInlineSnapshot(`
      "reshape: [2, 3] does not fill [4, 2]
      at most one extent may be -1"
    `);
    expect(messageOf(() => reshape(x(2, 3), [-1, 4]))).toMatchInlineSnapshot(`
      "reshape: [2, 3] does not fill [-1, 4]
      at most one extent may be -1"
    `);
    expect(messageOf(() => reshape(x(2, 3), [-1, -1]))).toMatchInlineSnapshot(`
      "reshape: [2, 3] does not fill [-1, -1]
      at most one extent may be -1"
    `);
  });

  it('works out one extent', () => {
    expect(reshape(x(2, 3, 4), [4, -1]).type.shape).toEqual([4, 6]);
    expect(flatten(x(2, 3, 4)).type.shape).toEqual([2, 12]);
  });
});

describe('other ops', () => {
  it('say which axis or amount is wrong', () => {
    expect(messageOf(() => transpose(x(2, 3), [0, 0]))).toMatchInlineSnapshot(
      `"transpose: [0, 0] does not order the 2 axes of [2, 3]"`,
    );
    expect(messageOf(() => sum(x(2, 3), [2]))).toMatchInlineSnapshot(`
      "sum: axis 2 does not exist in shape [2, 3]
      axes count from 0"
    `);
    expect(messageOf(() => slice(x(2, 3), { axes: [1], starts: [1], stops: [4] }))).toMatchInlineSnapshot(
      `"slice: 1 to 4 step 1 does not lie in axis 1 of [2, 3]"`,
    );
    expect(messageOf(() => pad(x(2, 3), { before: [0, -1], after: [0, 0] }))).toMatchInlineSnapshot(
      `"pad: expected 2 amounts of at least 0 for each of before, after and between, but got [0, -1], [0, 0], [0, 0] for [2, 3]"`,
    );
    expect(messageOf(() => matmul(x(2, 3), x(4, 2)))).toMatchInlineSnapshot(
      `"matmul: \`a\` gives 3 columns but \`b\` 4 rows; a [2, 3], b [4, 2]"`,
    );
  });
});
