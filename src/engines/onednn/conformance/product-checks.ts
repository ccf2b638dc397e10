/** Products of matrices. */
import { product } from './loops.ts';
import { type Check, expectNear, type Workbench } from './workbench.ts';

function matmulCheck(bench: Workbench): void {
  const [m, k, n] = [5, 7, 19];
  const [a, b, bias] = [bench.random(m * k), bench.random(k * n), bench.random(n)];
  const expected = product(a, b, m, k, n).map((value, i) => value + bias[i % n]!);
  const transposed = (rows: number, columns: number) =>
    bench.library.layout([rows, columns], 'f32', { strides: [1, rows] });
  for (const src of [bench.layout([m, k], 'ab'), transposed(m, k)])
    for (const weights of [bench.layout([k, n], 'ab'), transposed(k, n)]) {
      const primitive = bench.create({
        kind: 'matmul',
        src,
        weights,
        bias: bench.layout([1, n], 'ab'),
        dst: bench.layout([m, n], 'ab'),
      });
      expectNear(
        `matmul of ${src.format} by ${weights.format}`,
        bench.read(bench.run(primitive, { src: a, weights: b, bias }).get('dst')),
        expected,
      );
    }
}

function innerProductCheck(bench: Workbench): void {
  const [batch, k, n] = [5, 19, 7];
  const [src, weights] = [bench.random(batch * k), bench.random(n * k)];
  const turned = Float32Array.from(weights, (_, i) => weights[(i % n) * k + Math.floor(i / n)]!);
  const primitive = bench.create({
    kind: 'innerProduct',
    pass: 'forwardInference',
    src: bench.layout([batch, k]),
    weights: bench.layout([n, k]),
    dst: bench.layout([batch, n]),
  });
  expectNear(
    'forward',
    bench.read(bench.run(primitive, { src, weights }).get('dst')),
    product(src, turned, batch, k, n),
  );
}

export const productChecks: readonly (readonly [string, Check])[] = [
  ['matmul', matmulCheck],
  ['inner product', innerProductCheck],
];
