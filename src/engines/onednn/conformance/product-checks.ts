/** Products of matrices, and what adds over an axis. */
import type { Check } from './checks.ts';
import { count, product } from './loops.ts';
import { expectNear, type Workbench } from './workbench.ts';

function matmulCheck(bench: Workbench): void {
  const [batch, m, k, n] = [2, 5, 7, 19];
  const [a, b, bias] = [bench.random(batch * m * k), bench.random(batch * k * n), bench.random(n)];
  const expected = product(a, b, batch, m, k, n).map((value, i) => value + bias[i % n]!);
  const transposed = bench.library.layout([batch, k, n], 'f32', { strides: [k * n, 1, k] });
  for (const weights of [bench.layout([batch, k, n], 'abc'), transposed]) {
    const primitive = bench.create({
      kind: 'matmul',
      src: bench.layout([batch, m, k], 'abc'),
      weights,
      bias: bench.layout([1, 1, n], 'abc'),
      dst: bench.layout([batch, m, n], 'abc'),
    });
    expectNear(
      `matmul by ${weights.format}`,
      bench.read(bench.run(primitive, { src: a, weights: b, bias }).get('dst')),
      expected,
    );
  }
}

function innerProductCheck(bench: Workbench): void {
  const [batch, k, n] = [5, 19, 7];
  const [src, weights, bias, diffDst] = [batch * k, n * k, n, batch * n].map((length) =>
    bench.random(length),
  ) as Float32Array[];
  const any = (...shape: number[]) => bench.layout(shape);
  const by = (x: Float32Array, rows: number, columns: number) =>
    Float32Array.from({ length: x.length }, (_, i) => x[(i % rows) * columns + Math.floor(i / rows)]!);
  const forward = bench.create({
    kind: 'innerProduct',
    pass: 'forwardTraining',
    src: any(batch, k),
    weights: any(n, k),
    bias: any(n),
    dst: any(batch, n),
  });
  const dst = product(src!, by(weights!, n, k), 1, batch, k, n).map((value, i) => value + bias![i % n]!);
  expectNear('forward', bench.read(bench.run(forward, { src: src!, weights: weights!, bias: bias! }).get('dst')), dst);
  const data = bench.create({
    kind: 'innerProduct',
    pass: 'backwardData',
    diffSrc: any(batch, k),
    weights: any(n, k),
    diffDst: any(batch, n),
    forward,
  });
  const diffSrc = product(diffDst!, weights!, 1, batch, n, k);
  expectNear(
    'input gradient',
    bench.read(bench.run(data, { diffDst: diffDst!, weights: weights! }).get('diffSrc')),
    diffSrc,
  );
  const byWeights = bench.create({
    kind: 'innerProduct',
    pass: 'backwardWeights',
    src: any(batch, k),
    diffWeights: any(n, k),
    diffBias: any(n),
    diffDst: any(batch, n),
    forward,
  });
  const results = bench.run(byWeights, { src: src!, diffDst: diffDst! });
  expectNear(
    'weight gradient',
    bench.read(results.get('diffWeights')),
    product(by(diffDst!, batch, n), src!, 1, n, batch, k),
  );
  const column = Float32Array.from({ length: n }, (_, j) =>
    diffDst!.filter((_, i) => i % n === j).reduce((a, b) => a + b, 0),
  );
  expectNear('bias gradient', bench.read(results.get('diffBias')), column);
}

function reductionCheck(bench: Workbench): void {
  const dims = [2, 19, 5, 3];
  const src = bench.random(count(dims));
  const reduced = {
    sum: src.reduce((all, x) => all + x, 0),
    mean: src.reduce((all, x) => all + x, 0) / src.length,
    max: src.reduce((all, x) => Math.max(all, x), Number.NEGATIVE_INFINITY),
    min: src.reduce((all, x) => Math.min(all, x), Number.POSITIVE_INFINITY),
    normLpSum: Math.sqrt(src.reduce((all, x) => all + x * x, 0)),
    normLpPowerPSum: src.reduce((all, x) => all + x * x, 0),
  };
  for (const [name, expected] of Object.entries(reduced)) {
    const primitive = bench.create({
      kind: 'reduction',
      algorithm: name as keyof typeof reduced,
      src: bench.layout(dims, 'abcd'),
      dst: bench.layout([1, 1, 1, 1], 'abcd'),
      p: 2,
    });
    expectNear(name, bench.read(bench.run(primitive, { src }).get('dst')), [expected], 1e-3);
  }
}

function softmaxCheck(bench: Workbench): void {
  const [rows, classes] = [4, 11];
  const src = bench.random(rows * classes);
  const layout = bench.layout([rows, classes], 'ab');
  const sums = Array.from({ length: rows }, (_, r) =>
    src.subarray(r * classes, (r + 1) * classes).reduce((all, x) => all + Math.exp(x), 0),
  );
  const log = Float64Array.from(src, (x, i) => x - Math.log(sums[Math.floor(i / classes)]!));
  for (const algorithm of ['accurate', 'log'] as const) {
    const primitive = bench.create({
      kind: 'softmax',
      pass: 'forwardInference',
      algorithm,
      axis: 1,
      src: layout,
      dst: layout,
    });
    expectNear(
      algorithm,
      bench.read(bench.run(primitive, { src }).get('dst')),
      algorithm === 'log' ? log : log.map(Math.exp),
    );
  }
}

export const productChecks: readonly (readonly [string, Check])[] = [
  ['matmul', matmulCheck],
  ['inner product', innerProductCheck],
  ['reduction', reductionCheck],
  ['softmax', softmaxCheck],
];
