/** Pooling and its gradients in three layouts. */
import { oddConvolution } from './convolution-checks.ts';
import { type ConvolutionShape, count, everyTap, outputSize } from './loops.ts';
import { type Check, expectNear } from './workbench.ts';

export const poolingChecks: readonly (readonly [string, Check])[] = [
  ['maximum of 3 by 3', poolingCheck('max', 3)],
  ['maximum of 1 by 1, stride 2', poolingCheck('max', 1)],
  ['average with padding', poolingCheck('averageIncludePadding', 3)],
];

function poolingCheck(algorithm: 'max' | 'averageIncludePadding', kernel: 1 | 3): Check {
  return (bench) => {
    const padding = kernel === 3 ? 1 : 0;
    const shape: ConvolutionShape = {
      ...oddConvolution,
      groups: 18,
      inChannels: 18,
      outChannels: 18,
      kernel: [kernel, kernel],
      stride: [2, 2],
      padding: { before: [padding, padding], after: [padding, padding] },
    };
    const srcDims = [shape.batch, 18, ...shape.size];
    const dstDims = [shape.batch, 18, ...outputSize(shape)];
    const [src, diffDst] = [bench.random(count(srcDims)), bench.random(count(dstDims))];
    const best = new Int32Array(diffDst.length).fill(-1);
    const sums = new Float64Array(diffDst.length);
    everyTap(shape, (s, _, d) => {
      if (best[d]! < 0 || src[s]! > src[best[d]!]!) best[d] = s;
      sums[d]! += src[s]!;
    });
    const area = kernel ** 2;
    const dst = Float64Array.from(sums, (sum, d) => (algorithm === 'max' ? src[best[d]!]! : sum / area));
    const diffSrc = new Float64Array(src.length);
    if (algorithm === 'max') for (const [d, s] of best.entries()) diffSrc[s]! += diffDst[d]!;
    else
      everyTap(shape, (s, _, d) => {
        diffSrc[s]! += diffDst[d]! / area;
      });
    const common = {
      kind: 'pooling',
      algorithm,
      kernel: shape.kernel,
      strides: shape.stride,
      padding: shape.padding,
    } as const;
    for (const format of ['aBcd16b', 'acdb', 'abcd']) {
      const [from, to] = [bench.layout(srcDims, format), bench.layout(dstDims, format)];
      const forward = bench.create({ ...common, pass: 'forwardTraining', src: from, dst: to });
      const results = bench.run(forward, { src });
      expectNear(`forward in ${format}`, bench.read(results.get('dst')), dst);
      const backward = bench.create({ ...common, pass: 'backward', diffSrc: from, diffDst: to, forward });
      const workspace = results.get('workspace');
      const gradients = bench.run(backward, { diffDst, ...(workspace && { workspace }) });
      expectNear(`input gradient in ${format}`, bench.read(gradients.get('diffSrc')), diffSrc);
    }
  };
}
