/** Batch norm in training and with given statistics, and its gradients. */
import { batchNormGradient, channelStatistics, count, everyElement } from './loops.ts';
import { type Check, expectNear, type Workbench } from './workbench.ts';

export const batchNormChecks: readonly (readonly [string, Check])[] = [
  ['batch norm with only a scale, or only a shift', scaleOrShiftCheck],
  ['batch norm in blocks', batchNormCheck('aBcd16b', 19, false)],
  ['batch norm with ReLU in blocks', batchNormCheck('aBcd16b', 19, true)],
  ['batch norm with channels last', batchNormCheck('acdb', 16, true)],
];

function batchNormCheck(format: string, channels: number, fuseRelu: boolean): Check {
  return (bench) => {
    const batch = 3;
    const dims = [batch, channels, 5, 4];
    const epsilon = 1e-3;
    const layout = bench.layout(dims, format);
    const [src, diffDst] = [bench.random(count(dims)), bench.random(count(dims))];
    const [scale, shift] = [bench.random(channels), bench.random(channels)];
    const flags = { kind: 'batchNormalization', epsilon, useScale: true, useShift: true, fuseRelu } as const;
    const forward = bench.create({ ...flags, pass: 'forwardTraining', src: layout, dst: layout });
    const results = bench.run(forward, { src, scale, shift });
    const { mean, variance } = channelStatistics(src, batch, channels);
    expectNear('mean', bench.read(results.get('mean')), mean);
    expectNear('variance', bench.read(results.get('variance')), variance);
    const before = new Float64Array(src.length);
    everyElement(src.length, batch, channels, (at, c) => {
      before[at] = ((src[at]! - mean[c]!) / Math.sqrt(variance[c]! + epsilon)) * scale[c]! + shift[c]!;
    });
    const after = before.map((value) => (fuseRelu ? Math.max(0, value) : value));
    expectNear('forward', bench.read(results.get('dst')), after);

    const backward = bench.create({
      ...flags,
      pass: 'backward',
      src: layout,
      diffSrc: layout,
      diffDst: layout,
      forward,
    });
    const workspace = results.get('workspace');
    const gradients = bench.run(backward, {
      src,
      scale,
      shift,
      diffDst,
      mean: results.get('mean')!,
      variance: results.get('variance')!,
      ...(workspace && { workspace }),
    });
    const passed = diffDst.map((value, at) => (fuseRelu && before[at]! <= 0 ? 0 : value));
    const expected = batchNormGradient(src, passed, scale, batch, epsilon);
    expectNear('input gradient', bench.read(gradients.get('diffSrc')), expected.diffSrc, 1e-3);
    expectNear('scale gradient', bench.read(gradients.get('diffScale')), expected.diffScale, 1e-3);
    expectNear('shift gradient', bench.read(gradients.get('diffShift')), expected.diffShift, 1e-3);

    const given = bench.create({
      ...flags,
      fuseRelu: false,
      pass: 'forwardInference',
      useGlobalStatistics: true,
      src: layout,
      dst: layout,
    });
    const fixed = bench.run(given, {
      src,
      scale,
      shift,
      mean: Float32Array.from(mean),
      variance: Float32Array.from(variance),
    });
    expectNear('with given statistics', bench.read(fixed.get('dst')), before);
  };
}

/** Tells the flags of scale and shift apart. */
function scaleOrShiftCheck(bench: Workbench): void {
  const [batch, channels, epsilon] = [2, 19, 1e-3];
  const dims = [batch, channels, 3, 3];
  const layout = bench.layout(dims, 'aBcd16b');
  const [src, scale, shift] = [bench.random(count(dims)), bench.random(channels), bench.random(channels)];
  const { mean, variance } = channelStatistics(src, batch, channels);
  for (const only of ['useScale', 'useShift'] as const) {
    const primitive = bench.create({
      kind: 'batchNormalization',
      pass: 'forwardTraining',
      epsilon,
      [only]: true,
      src: layout,
      dst: layout,
    });
    const expected = new Float64Array(src.length);
    everyElement(src.length, batch, channels, (at, c) => {
      const normal = (src[at]! - mean[c]!) / Math.sqrt(variance[c]! + epsilon);
      expected[at] = only === 'useScale' ? normal * scale[c]! : normal + shift[c]!;
    });
    expectNear(only, bench.read(bench.run(primitive, { src, scale, shift }).get('dst')), expected, 1e-3);
  }
}
