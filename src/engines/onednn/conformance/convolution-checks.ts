/** Convolutions and their gradients, of odd sizes on purpose. */
import { type ConvolutionShape, count, everyElement, everyTap, outputSize } from './loops.ts';
import { type Check, expectNear, type Workbench } from './workbench.ts';

export const oddConvolution: ConvolutionShape = {
  batch: 2,
  groups: 1,
  inChannels: 19,
  outChannels: 21,
  size: [7, 6],
  kernel: [3, 3],
  stride: [1, 1],
  padding: { before: [1, 1], after: [1, 1] },
  dilation: [0, 0],
};

const convolutions: Readonly<Record<string, ConvolutionShape>> = {
  'of odd channels': oddConvolution,
  'with stride and one-sided padding': {
    ...oddConvolution,
    stride: [2, 2],
    padding: { before: [0, 1], after: [1, 0] },
  },
  dilated: { ...oddConvolution, dilation: [1, 1], padding: { before: [2, 2], after: [2, 2] } },
  'in groups': { ...oddConvolution, groups: 3, inChannels: 12, outChannels: 15 },
  'one channel each': { ...oddConvolution, groups: 17, inChannels: 17, outChannels: 17 },
  'of 1 by 1': { ...oddConvolution, kernel: [1, 1], padding: { before: [0, 0], after: [0, 0] } },
  'of three channels, 7 by 7, stride 2': {
    ...oddConvolution,
    inChannels: 3,
    size: [15, 13],
    kernel: [7, 7],
    stride: [2, 2],
    padding: { before: [3, 3], after: [3, 3] },
  },
};

export const convolutionChecks: readonly (readonly [string, Check])[] = [
  ...Object.entries(convolutions).map(([name, shape]) => [`convolution ${name}`, convolutionCheck(shape)] as const),
  ['convolution with post-ops', postOpsCheck],
];

function convolutionCheck(shape: ConvolutionShape): Check {
  return (bench) => {
    const { batch, groups, inChannels, outChannels, size, kernel } = shape;
    const srcDims = [batch, inChannels, ...size];
    const weightDims = [...(groups > 1 ? [groups] : []), outChannels / groups, inChannels / groups, ...kernel];
    const dstDims = [batch, outChannels, ...outputSize(shape)];
    const window = { strides: shape.stride, padding: shape.padding, dilation: shape.dilation };
    const [src, weights, diffDst] = [srcDims, weightDims, dstDims].map((dims) => bench.random(count(dims)));
    const bias = bench.random(outChannels);
    const any = (dims: readonly number[]) => bench.layout(dims);

    const forward = bench.create({
      kind: 'convolution',
      pass: 'forwardTraining',
      src: any(srcDims),
      weights: any(weightDims),
      bias: any([outChannels]),
      dst: any(dstDims),
      ...window,
    });
    const dst = new Float64Array(count(dstDims));
    everyElement(dst.length, batch, outChannels, (at, c) => {
      dst[at] = bias[c]!;
    });
    const diffSrc = new Float64Array(src!.length);
    const diffWeights = new Float64Array(weights!.length);
    everyTap(shape, (s, w, d) => {
      dst[d]! += src![s]! * weights![w]!;
      diffSrc[s]! += diffDst![d]! * weights![w]!;
      diffWeights[w]! += diffDst![d]! * src![s]!;
    });
    expectNear('forward', bench.read(bench.run(forward, { src: src!, weights: weights!, bias }).get('dst')), dst);

    const data = bench.create({
      kind: 'convolution',
      pass: 'backwardData',
      diffSrc: any(srcDims),
      weights: any(weightDims),
      diffDst: any(dstDims),
      forward,
      ...window,
    });
    expectNear(
      'input gradient',
      bench.read(bench.run(data, { diffDst: diffDst!, weights: weights! }).get('diffSrc')),
      diffSrc,
    );

    const byWeights = bench.create({
      kind: 'convolution',
      pass: 'backwardWeights',
      src: any(srcDims),
      diffWeights: any(weightDims),
      diffDst: any(dstDims),
      forward,
      ...window,
    });
    expectNear(
      'weight gradient',
      bench.read(bench.run(byWeights, { src: src!, diffDst: diffDst! }).get('diffWeights')),
      diffWeights,
    );
  };
}

/** A convolution whose result is added to what stood there, and cut at zero. */
function postOpsCheck(bench: Workbench): void {
  const shape = oddConvolution;
  const dstDims = [2, 21, ...outputSize(shape)];
  const [src, weights, old] = [2 * 19 * 42, 21 * 19 * 9, count(dstDims)].map((length) =>
    bench.random(length),
  ) as Float32Array[];
  const primitive = bench.create({
    kind: 'convolution',
    pass: 'forwardInference',
    src: bench.layout([2, 19, 7, 6]),
    weights: bench.layout([21, 19, 3, 3]),
    dst: bench.layout(dstDims, 'aBcd16b'),
    strides: shape.stride,
    padding: shape.padding,
    postOps: [{ kind: 'sum' }, { kind: 'eltwise', algorithm: 'relu' }],
  });
  const expected = Float64Array.from(old!);
  everyTap(shape, (s, w, d) => {
    expected[d]! += src![s]! * weights![w]!;
  });
  const results = bench.run(primitive, { src: src!, weights: weights!, dst: old! });
  const rectified = expected.map((value) => Math.max(0, value));
  expectNear('convolution with post-ops', bench.read(results.get('dst')), rectified, 1e-3);
}
