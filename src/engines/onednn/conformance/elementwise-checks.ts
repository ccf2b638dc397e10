/** What works on single elements or copies them. */
import type { EltwiseAlgorithm, Layout, Primitive } from '../library/index.ts';
import type { Check } from './checks.ts';
import { count, everyElement } from './loops.ts';
import { expectNear, type Workbench } from './workbench.ts';

const dims = [2, 19, 5, 3];
const inBlocks = (bench: Workbench): Layout => bench.layout(dims, 'aBcd16b');

const eltwises: Partial<Record<EltwiseAlgorithm, { alpha?: number; beta?: number; f: (x: number) => number }>> = {
  relu: { alpha: 0.1, f: (x) => (x > 0 ? x : 0.1 * x) },
  tanh: { f: Math.tanh },
  elu: { alpha: 1, f: (x) => (x > 0 ? x : Math.expm1(x)) },
  square: { f: (x) => x * x },
  abs: { f: Math.abs },
  sqrt: { f: Math.sqrt },
  linear: { alpha: 2, beta: -1, f: (x) => 2 * x - 1 },
  softRelu: { alpha: 1, f: (x) => Math.log1p(Math.exp(x)) },
  logistic: { f: (x) => 1 / (1 + Math.exp(-x)) },
  exp: { f: Math.exp },
  log: { f: Math.log },
  clip: { alpha: 0.25, beta: 1, f: (x) => Math.min(1, Math.max(0.25, x)) },
  pow: { alpha: 3, beta: 1.5, f: (x) => 3 * x ** 1.5 },
  round: { f: (x) => Math.round(x) },
};

function eltwiseCheck(bench: Workbench): void {
  const src = bench.random(count(dims)).map((x) => Math.abs(x) + 0.01);
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
  const expected = diffDst.map((value, i) => (x[i]! > 0 ? value : 0));
  for (const algorithm of ['relu', 'reluByDst'] as const) {
    const forward = bench.create({ kind: 'eltwise', pass: 'forwardTraining', algorithm, src: layout, dst: layout });
    const y = bench.read(bench.run(forward, { src: x }).get('dst'));
    const backward = bench.create({
      kind: 'eltwise',
      pass: 'backward',
      algorithm,
      data: layout,
      diffSrc: layout,
      diffDst: layout,
      forward,
    });
    const fed = algorithm === 'relu' ? { src: x } : { dst: y };
    expectNear(algorithm, bench.read(bench.run(backward, { ...fed, diffDst }).get('diffSrc')), expected);
  }
}

const binaries = {
  add: (a, b) => a + b,
  mul: (a, b) => a * b,
  max: Math.max,
  min: Math.min,
  div: (a, b) => a / b,
  sub: (a, b) => a - b,
  ge: (a, b) => Number(a >= b),
  gt: (a, b) => Number(a > b),
  le: (a, b) => Number(a <= b),
  lt: (a, b) => Number(a < b),
  eq: (a, b) => Number(a === b),
  ne: (a, b) => Number(a !== b),
} as const satisfies Record<string, (a: number, b: number) => number>;

function binaryCheck(bench: Workbench): void {
  const layout = inBlocks(bench);
  const a = bench.random(count(dims)).map((value) => Math.round(value * 2) / 2);
  const b = bench.random(count(dims)).map((value) => Math.round(value * 2) / 2 || 1);
  const scalar = Float32Array.of(0.5);
  const channels = bench.random(19).map((value) => value + 3);
  for (const [name, f] of Object.entries(binaries)) {
    const algorithm = name as keyof typeof binaries;
    const make = (src1: Layout) => bench.create({ kind: 'binary', algorithm, src: layout, src1, dst: layout });
    const run = (primitive: Primitive, src1: Float32Array) =>
      bench.read(bench.run(primitive, { src: a, src1 }).get('dst'));
    expectNear(
      name,
      run(make(layout), b),
      a.map((value, i) => f(value, b[i]!)),
    );
    const one = make(bench.layout([1, 1, 1, 1], 'abcd'));
    expectNear(
      `${name} a scalar`,
      run(one, scalar),
      a.map((value) => f(value, 0.5)),
    );
    const perChannel = make(bench.layout([1, 19, 1, 1], 'aBcd16b'));
    const expected = new Float64Array(a.length);
    everyElement(a.length, 2, 19, (at, c) => {
      expected[at] = f(a[at]!, channels[c]!);
    });
    expectNear(`${name} per channel`, run(perChannel, channels), expected);
  }
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
  ['sum', sumCheck],
  ['concat', concatCheck],
];
