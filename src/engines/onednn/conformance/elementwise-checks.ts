/** What works on single elements or copies them. */
import type { EltwiseAlgorithm, Layout } from '../library/index.ts';
import { count } from './loops.ts';
import { type Check, expectNear, type Workbench } from './workbench.ts';

const dims = [2, 19, 5, 3];
const inBlocks = (bench: Workbench): Layout => bench.layout(dims, 'aBcd16b');

const eltwises: Readonly<Record<EltwiseAlgorithm, { alpha?: number; beta?: number; f: (x: number) => number }>> = {
  relu: { f: (x) => Math.max(0, x) },
  linear: { alpha: 2, beta: -1, f: (x) => 2 * x - 1 },
  logistic: { f: (x) => 1 / (1 + Math.exp(-x)) },
};

function eltwiseCheck(bench: Workbench): void {
  const src = bench.random(count(dims));
  const layout = inBlocks(bench);
  for (const [name, { f, ...constants }] of Object.entries(eltwises)) {
    const algorithm = name as EltwiseAlgorithm;
    const forward = bench.create({
      kind: 'eltwise',
      pass: 'forwardInference',
      algorithm,
      src: layout,
      dst: layout,
      ...constants,
    });
    expectNear(name, bench.read(bench.run(forward, { src }).get('dst')), src.map(f), 1e-3);
  }
}

function reluGradientCheck(bench: Workbench): void {
  const [x, diffDst] = [bench.random(count(dims)), bench.random(count(dims))];
  const layout = inBlocks(bench);
  const backward = bench.create({
    kind: 'eltwise',
    pass: 'backward',
    algorithm: 'reluByDst',
    data: layout,
    diffSrc: layout,
    diffDst: layout,
  });
  const dst = x.map((value) => Math.max(0, value));
  const expected = diffDst.map((value, i) => (x[i]! > 0 ? value : 0));
  expectNear('reluByDst', bench.read(bench.run(backward, { dst, diffDst }).get('diffSrc')), expected);
}

const binaries = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
} as const satisfies Record<string, (a: number, b: number) => number>;

function binaryCheck(bench: Workbench): void {
  const layout = inBlocks(bench);
  const [a, b] = [bench.random(count(dims)), bench.random(count(dims))];
  for (const [name, f] of Object.entries(binaries)) {
    const algorithm = name as keyof typeof binaries;
    const primitive = bench.create({ kind: 'binary', algorithm, src: layout, src1: layout, dst: layout });
    expectNear(
      name,
      bench.read(bench.run(primitive, { src: a, src1: b }).get('dst')),
      Float64Array.from(a, (value, i) => f(value, b[i]!)),
    );
  }
}

/** A row of numbers times one number. */
function scalarCheck(bench: Workbench): void {
  const src = bench.random(count(dims));
  const [row, one] = [bench.layout([src.length], 'a'), bench.layout([1], 'a')];
  const primitive = bench.create({ kind: 'binary', algorithm: 'mul', src: row, src1: one, dst: row });
  const results = bench.run(primitive, { src, src1: Float32Array.of(0.3) });
  expectNear(
    'mul',
    bench.read(results.get('dst')),
    src.map((value) => value * 0.3),
  );
}

function sumCheck(bench: Workbench): void {
  const layout = inBlocks(bench);
  const [a, b, c] = [0, 1, 2].map(() => bench.random(count(dims))) as [Float32Array, Float32Array, Float32Array];
  const primitive = bench.create({ kind: 'sum', sources: [layout, layout, layout], scales: [1, -2, 0.5], dst: layout });
  const results = bench.run(primitive, { source0: a, source1: b, source2: c });
  expectNear(
    'sum',
    bench.read(results.get('dst')),
    a.map((value, i) => value - 2 * b[i]! + 0.5 * c[i]!),
  );
}

function concatCheck(bench: Workbench): void {
  for (const [format, channels] of [
    ['aBcd16b', [32, 16, 5]],
    ['aBcd16b', [12, 7]],
    ['abcd', [5, 3, 9]],
    ['acdb', [5, 3, 9]],
  ] as const) {
    const parts = channels.map((size) => bench.random(2 * size * 6));
    const all = channels.reduce((sum, size) => sum + size, 0);
    const primitive = bench.create({
      kind: 'concat',
      axis: 1,
      sources: channels.map((size) => bench.layout([2, size, 3, 2], format)),
      dst: bench.layout([2, all, 3, 2], format),
    });
    const fed = Object.fromEntries(parts.map((part, i) => [`source${i}`, part]));
    const expected = [0, 1].flatMap((n) =>
      parts.flatMap((part) => [...part.subarray((n * part.length) / 2, ((n + 1) * part.length) / 2)]),
    );
    expectNear(
      `concat of ${channels.join(' and ')} in ${format}`,
      bench.read(bench.run(primitive, fed).get('dst')),
      expected,
    );
  }
}

function reorderCheck(bench: Workbench): void {
  const values = bench.random(count(dims));
  const formats = ['abcd', 'acdb', 'aBcd16b', 'aBcd8b'];
  for (const from of formats)
    for (const to of formats) {
      const primitive = bench.create({ kind: 'reorder', src: bench.layout(dims, from), dst: bench.layout(dims, to) });
      expectNear(`${from} to ${to}`, bench.read(bench.run(primitive, { src: values }).get('dst')), values, 0);
    }
}

export const elementwiseChecks: readonly (readonly [string, Check])[] = [
  ['reorder', reorderCheck],
  ['eltwise', eltwiseCheck],
  ['gradient of ReLU', reluGradientCheck],
  ['binary', binaryCheck],
  ['product with one number', scalarCheck],
  ['sum', sumCheck],
  ['concat', concatCheck],
];
