/** Products of matrices, and of a tensor with itself. */
import type { Value } from '../../../ir/index.ts';
import { sizeOf } from '../../../tensor/index.ts';
import type { Assembly } from '../compile/assembly.ts';
import type { DataType, Layout } from '../library/index.ts';
import { unfused } from '../planning/group-convolutions.ts';
import { type Kernel, type Kernels, rectifier } from './kernel.ts';
import { loops } from './loops.ts';

const matmul: Kernel = (assembly, node) => multiplyMatrices(assembly, unfused(node));

/** With a bias for each column and a rectifier. */
export function multiplyMatrices(
  assembly: Assembly,
  { product, bias, rectifies, y }: ReturnType<typeof unfused>,
): void {
  const [a, b] = product.inputs as [Value, Value];
  const { transposeA, transposeB } = product.attributes as {
    readonly transposeA: boolean;
    readonly transposeB: boolean;
  };
  const layout = ({ type: { shape } }: Value, turned: boolean, type: DataType) => {
    const [rows = 1, columns = 1] = shape;
    return turned
      ? assembly.library.layout([columns, rows], type, { strides: [1, columns] })
      : assembly.layout(shape, undefined, type);
  };
  const inner = a.type.shape[transposeA ? 0 : 1] as number;
  const type = sizeOf(y.type.shape) * inner < fewProducts ? 'f32' : assembly.mapType;
  const dst = assembly.plain(y);
  const row = assembly.layout([1, y.type.shape[1] as number]);
  const primitive = assembly.createIn(type, (type) => ({
    kind: 'matmul',
    src: layout(a, transposeA, type),
    weights: layout(b, transposeB, type),
    ...(bias && { bias: row }),
    dst,
    postOps: rectifies ? [rectifier] : [],
  }));
  const source = (value: Value, layout: Layout) => {
    return { ...assembly.readAs(value, assembly.layout(value.type.shape, undefined, layout.dataType)), layout };
  };
  const [src, weights] = [
    source(a, primitive.layout('src') as Layout),
    source(b, primitive.layout('weights') as Layout),
  ];
  assembly.primitive(
    primitive,
    { src, weights, ...(bias && { bias: assembly.readAs(bias, row) }) },
    { dst: assembly.write(y, dst) },
  );
}

/** Below, rounding the matrices to bfloat16 costs more than it saves. */
const fewProducts = 2 ** 22;

/** Numbers that one product of a row with itself takes: a longer one loses digits, since it adds one number after the other. */
const rowLength = 16384;

/** Rows times themselves: the library's reductions are slow, and so is its product of a row and a column. */
const sumOfSquares: Kernel = (assembly, node) => {
  const [x] = node.inputs as [Value];
  const [y] = node.outputs as [Value];
  if (sizeOf(x.type.shape) < 1024) {
    loops(assembly, node);
    return;
  }
  const flat = assembly.flat(assembly.readFloats(x));
  const [count] = flat.layout.dims as [number];
  const rows = Math.ceil(count / rowLength);
  const sums = assembly.temporary(assembly.layout([rows]));
  for (let row = 0; row < rows; row++) {
    const layout = assembly.layout([1, Math.min(rowLength, count - row * rowLength)]);
    const numbers = { ...flat, layout, offset: (flat.offset ?? 0) + 4 * row * rowLength };
    const dst = { ...sums, layout: assembly.layout([1, 1]), offset: 4 * row };
    const description = { kind: 'innerProduct', pass: 'forwardInference', src: layout, weights: layout } as const;
    const primitive = assembly.create({ ...description, dst: dst.layout });
    assembly.primitive(primitive, { src: numbers, weights: numbers }, { dst });
  }
  assembly.loop('sum', [sums], [assembly.write(y, assembly.plain(y))], ([parts], [sum]) => {
    (sum as Float32Array)[0] = (parts as Float32Array).reduce((all, part) => all + part, 0);
  });
};

export const matrixKernels: Pick<Kernels, 'matmul' | 'sumOfSquares'> = { matmul, sumOfSquares };
