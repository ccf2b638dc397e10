/** Ops that work number by number. Small tensors and those of unequal shapes go through loops. */
import type { Value } from '../../../ir/index.ts';
import { sameShape, sizeOf } from '../../../tensor/index.ts';
import type { Assembly } from '../compile/assembly.ts';
import type { Stored } from '../compile/stored.ts';
import type { BinaryAlgorithm, EltwiseAlgorithm } from '../library/index.ts';
import type { Kernel, Kernels } from './kernel.ts';
import { loops } from './loops.ts';
import { combineRepeated } from './repeated.ts';
import { vectorArithmetic } from './vectors.ts';

/** Below, a call costs more than a loop; a vector needs no other layout for it. */
const few = { inVectors: 4096, elsewhere: 256 };
const isSmall = ({ type: { shape } }: Value) => sizeOf(shape) < (shape.length === 1 ? few.inVectors : few.elsewhere);

const binary =
  (algorithm: BinaryAlgorithm): Kernel =>
  (assembly, node) => {
    const [a, b] = node.inputs as [Value, Value];
    const [y] = node.outputs as [Value];
    const constant = [a, b].map(scalarOf);
    if (algorithm === 'add' && addToPart(assembly, a, b, y)) return;
    if (isSmall(y)) vectorArithmetic(assembly, node) || loops(assembly, node);
    else if (constant[1] !== undefined && sameShape(a.type.shape, y.type.shape))
      eltwiseOf(assembly, a, y, 'linear', ...slopes[algorithm](constant[1]));
    else if (sameShape(a.type.shape, b.type.shape)) {
      const first = assembly.readAny(a);
      // zeros in blocks' padding stay zeros, and flat tensors are always fast
      const view = algorithm === 'div' ? (stored: Stored) => stored : (stored: Stored) => assembly.flat(stored);
      const { dims, format } = first.layout;
      // each in its own type: a mask in float32 scales maps in bfloat16 without being rounded
      const second = first.isStacked
        ? assembly.readStacked(b, assembly.typeOf(b))
        : assembly.readAs(b, assembly.layout(dims, format, assembly.typeOf(b)));
      const [src, src1, dst] = [first, second, assembly.writeLike(y, first)].map(view) as [Stored, Stored, Stored];
      combine(assembly, algorithm, src, src1, dst);
    } else if (algorithm === 'mul' && sizeOf(b.type.shape) === 1 && sameShape(a.type.shape, y.type.shape)) {
      const first = assembly.readAny(a);
      const [src, dst] = [assembly.flat(first), assembly.flat(assembly.writeLike(y, first))];
      const src1 = assembly.readAs(b, assembly.layout([1]));
      combine(assembly, algorithm, src, src1, dst);
    } else if (!combineRepeated(assembly, algorithm, node)) loops(assembly, node);
  };

function combine(assembly: Assembly, algorithm: BinaryAlgorithm, src: Stored, src1: Stored, dst: Stored): void {
  const layouts = { src: src.layout, src1: src1.layout, dst: dst.layout };
  assembly.primitive(assembly.create({ kind: 'binary', algorithm, ...layouts }), { src, src1 }, { dst }, 'src');
}

/**
 * Adds to a part of a larger tensor where it stands: the gradient of what a dense layer joined, by what came before it. Nobody else may
 * read the part, and the larger tensor only in other parts.
 */
function addToPart(assembly: Assembly, a: Value, b: Value, y: Value): boolean {
  for (const [cut, added] of [
    [a, b],
    [b, a],
  ] as const) {
    const part = assembly.part(cut);
    if (!part || cut === added || !assembly.isFreeCut(cut, part)) continue;
    assembly.addTo(part, added);
    assembly.place(y, part);
    return true;
  }
  return false;
}

/** The number that a constant holds, if it is only one. */
function scalarOf({ source, type }: Value): number | undefined {
  return source.kind === 'constant' && sizeOf(type.shape) === 1 ? Number(source.tensor.data[0]) : undefined;
}

const slopes: Readonly<Record<BinaryAlgorithm, (c: number) => [alpha: number, beta: number]>> = {
  add: (c) => [1, c],
  sub: (c) => [1, -c],
  mul: (c) => [c, 0],
  div: (c) => [1 / c, 0],
};

function eltwiseOf(assembly: Assembly, x: Value, y: Value, algorithm: EltwiseAlgorithm, alpha = 0, beta = 0): void {
  const src = assembly.readAny(x);
  const { layout } = src;
  const primitive = assembly.create({
    kind: 'eltwise',
    pass: 'forwardInference',
    algorithm,
    alpha,
    beta,
    src: layout,
    dst: layout,
  });
  assembly.primitive(primitive, { src }, { dst: assembly.writeLike(y, src) }, 'src');
}

const eltwise =
  (algorithm: EltwiseAlgorithm): Kernel =>
  (assembly, node) => {
    const [x] = node.inputs as [Value];
    const [y] = node.outputs as [Value];
    if (isSmall(y)) loops(assembly, node);
    else eltwiseOf(assembly, x, y, algorithm);
  };

export const elementwiseKernels: Pick<
  Kernels,
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'exp'
  | 'log'
  | 'sqrt'
  | 'sigmoid'
  | 'relu'
  | 'reluGradient'
  | 'greater'
  | 'isFinite'
  | 'select'
  | 'cast'
> = {
  add: binary('add'),
  subtract: binary('sub'),
  multiply: binary('mul'),
  divide: binary('div'),
  exp: loops,
  log: loops,
  sqrt: loops,
  sigmoid: eltwise('logistic'),
  relu: eltwise('relu'),
  greater: loops,
  isFinite: loops,
  select: loops,
  cast: loops,

  reluGradient: (assembly, node) => {
    const [y, dy] = node.inputs as [Value, Value];
    const [dx] = node.outputs as [Value];
    if (isSmall(dx) || !sameShape(y.type.shape, dy.type.shape)) {
      loops(assembly, node);
      return;
    }
    const data = assembly.read(y);
    const { layout } = data;
    const common = { kind: 'eltwise', algorithm: 'reluByDst', alpha: 0 } as const;
    const primitive = assembly.create({ ...common, pass: 'backward', data: layout, diffSrc: layout, diffDst: layout });
    assembly.primitive(
      primitive,
      { dst: data, diffDst: assembly.readAs(dy, layout) },
      { diffSrc: assembly.write(dx, layout) },
      'diffDst',
    );
  },
};
