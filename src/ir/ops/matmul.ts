/** The product of two matrices. */
import { formatShape, ShapeError } from '../../tensor/index.ts';
import { applyOne } from '../apply.ts';
import type { Value } from '../graph.ts';
import { defineOp } from '../op.ts';
import { expectFloat } from './pointwise.ts';

export interface MatmulAttributes {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const plain: MatmulAttributes = { transposeA: false, transposeB: false };

export const matmulOp = defineOp({
  name: 'matmul',
  inputs: ['a', 'b'],
  outputs: ['y'],
  infer: ([a, b], { transposeA, transposeB }: MatmulAttributes) => {
    expectFloat('matmul', 'a', a, 2);
    expectFloat('matmul', 'b', b, 2);
    const [rows, inner] = transposeA ? [a.shape[1], a.shape[0]] : a.shape;
    const [innerB, columns] = transposeB ? [b.shape[1], b.shape[0]] : b.shape;
    if (inner !== innerB)
      throw new ShapeError(
        `matmul: \`a\` gives ${inner} columns but \`b\` ${innerB} rows; a ${formatShape(a.shape)}${transposeA ? ' transposed' : ''}, b ${formatShape(b.shape)}${transposeB ? ' transposed' : ''}`,
      );
    return [{ dtype: a.dtype, shape: [rows as number, columns as number] }];
  },
  evaluate: ([a, b], [y], { transposeA, transposeB }) => {
    const [rows, columns] = y.shape as [number, number];
    const inner = a.shape[transposeA ? 0 : 1] as number;
    const [aRow, aInner] = transposeA ? [1, rows] : [inner, 1];
    const [bInner, bColumn] = transposeB ? [1, inner] : [columns, 1];
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) {
        let total = 0;
        for (let k = 0; k < inner; k++)
          total += (a.data[i * aRow + k * aInner] as number) * (b.data[k * bInner + j * bColumn] as number);
        y.data[i * columns + j] = total;
      }
  },
  gradient: {
    // dA = dY · Bᵀ, or (dY · Bᵀ)ᵀ = B · dYᵀ
    a: ({ inputs: [, b], attributes: { transposeA, transposeB }, cotangents: [dy] }) =>
      transposeA
        ? matmul(b, dy, { transposeA: transposeB, transposeB: true })
        : matmul(dy, b, { transposeA: false, transposeB: !transposeB }),
    // dB = Aᵀ · dY, or (Aᵀ · dY)ᵀ = dYᵀ · A
    b: ({ inputs: [a], attributes: { transposeA, transposeB }, cotangents: [dy] }) =>
      transposeB
        ? matmul(dy, a, { transposeA: true, transposeB: transposeA })
        : matmul(a, dy, { transposeA: !transposeA, transposeB: false }),
  },
  macs: ([a], [y], { transposeA }) =>
    (y.shape[0] as number) * (y.shape[1] as number) * (a.shape[transposeA ? 0 : 1] as number),
  recompute: 'never',
  samples: [
    {
      inputs: [
        [3, 4],
        [4, 2],
      ],
      attributes: plain,
    },
    {
      inputs: [
        [4, 3],
        [4, 2],
      ],
      attributes: { ...plain, transposeA: true },
    },
    {
      inputs: [
        [3, 4],
        [2, 4],
      ],
      attributes: { ...plain, transposeB: true },
    },
    {
      inputs: [
        [4, 3],
        [2, 4],
      ],
      attributes: { transposeA: true, transposeB: true },
    },
  ],
});

/** a · b for matrices [rows, inner] and [inner, columns], each optionally transposed first. @throws ShapeError */
export function matmul(a: Value, b: Value, options: Partial<MatmulAttributes> = {}): Value {
  return applyOne(matmulOp, [a, b], { ...plain, ...options });
}
