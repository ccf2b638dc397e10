import { inspectNetwork } from '../../train/index.ts';
import { fullAmount, quickAmount } from '../amounts.ts';
import { defineExperiment } from '../experiment.ts';
import type { TrainedRecord } from '../laboratory.ts';
import { sizedNetwork } from '../networks/sized-networks.ts';
import { memoryByCost, timeByCost } from './cost-figures.ts';
import { scalingFindings } from './scaling-findings.ts';
import { type ScalingResult, type ScalingSettings, type SizedRun, sweepNames } from './scaling-result.ts';

const ofDepths = (width: number, depths: readonly number[]) => depths.map((depth) => ({ depth, width }));
const ofWidths = (depth: number, widths: readonly number[]) => widths.map((width) => ({ depth, width }));

/** How accuracy, time and memory grow with depth and width. */
export const scaling = defineExperiment<ScalingSettings, ScalingResult>({
  name: 'scaling',
  title: { en: 'Do dense networks scale less well?', zh: '稠密网络的可扩展性更差吗？' },
  about: 'accuracy, time and memory of residual and dense networks that grow deeper and wider',
  source: {
    en: 'Huang et al. 2017, Densely Connected Convolutional Networks (arXiv:1608.06993), Figure 3; Pleiss et al. 2017, Memory-Efficient Implementation of DenseNets (arXiv:1707.06990)',
    zh: 'Huang 等人 2017，Densely Connected Convolutional Networks（arXiv:1608.06993），图 3；Pleiss 等人 2017，Memory-Efficient Implementation of DenseNets（arXiv:1707.06990）',
  },
  method: {
    en: 'Residual and dense networks (with bottlenecks and compression) are made deeper at one width, and wider at one depth, and trained by one recipe. Memory is what a training step is planned to need, time is measured.',
    zh: '在固定宽度下加深、在固定深度下加宽残差网络与稠密网络（带瓶颈层与压缩），以同一方案训练。内存为训练步按计划所需，时间为实测。',
  },
  limits: {
    en: 'Small networks, few epochs and one seed: how cost grows is exact or steady, how accuracy grows is not. Times are of this machine and engine.',
    zh: '网络小、轮数少、只有一个种子：代价如何增长是精确或稳定的，准确率如何增长则不然。时间取决于本机与所用引擎。',
  },
  quick: {
    sweeps: [
      { kind: 'residual', by: 'depth', sizes: ofDepths(16, [8, 14, 20]) },
      { kind: 'residual', by: 'width', sizes: ofWidths(8, [16, 32]) },
      { kind: 'dense', by: 'depth', sizes: ofDepths(12, [10, 16, 22]) },
      { kind: 'dense', by: 'width', sizes: ofWidths(10, [12, 24]) },
    ],
    ...quickAmount,
    images: 800,
  },
  full: {
    sweeps: [
      { kind: 'residual', by: 'depth', sizes: ofDepths(16, [8, 20, 32, 56]) },
      { kind: 'residual', by: 'width', sizes: ofWidths(8, [16, 32, 64]) },
      { kind: 'dense', by: 'depth', sizes: ofDepths(12, [10, 22, 40, 58]) },
      { kind: 'dense', by: 'width', sizes: ofWidths(10, [12, 24, 48]) },
    ],
    ...fullAmount,
    epochs: 5,
    batchSize: 128,
  },
  trainings: ({ sweeps, ...amount }) =>
    sweeps.flatMap(({ kind, sizes }) => sizes.map((size) => ({ network: sizedNetwork(kind, size), ...amount }))),
  async run(lab, { sweeps, ...amount }) {
    const { image, classes } = lab;
    const runs: SizedRun[] = [];
    for (const { kind, by, sizes } of sweeps)
      for (const size of sizes) {
        const network = sizedNetwork(kind, size);
        const { record } = await lab.train({ network, ...amount });
        const memory = await lab.piece(`memory of ${network.name}`, async () => {
          const { training, recomputing } = inspectNetwork(network, { image, classes, batchSize: amount.batchSize });
          return { memoryBytes: training?.totalBytes ?? 0, recomputedBytes: recomputing?.dense.totalBytes ?? 0 };
        });
        runs.push({ kind, by, ...size, ...memory, record: shortened(record) });
      }
    return { classes: lab.classes, runs };
  },
  show(result, settings) {
    const { runs } = result;
    const distinct = runs.filter(
      ({ record }, i) => runs.findIndex((other) => other.record.network === record.network) === i,
    );
    const note = {
      en: 'Names are layers × width: channels of the first stage, or growth.',
      zh: '名称为“层数 × 宽度”，宽度指第一阶段的通道数或增长率。',
    };
    const point = ({ kind, by, depth, width, record }: SizedRun, x: number) => ({
      name: `${depth} × ${width}`,
      x,
      y: 1 - record.test.top1,
      group: sweepNames[kind][by],
    });
    return {
      findings: scalingFindings(result),
      figures: [
        {
          kind: 'points',
          id: 'error-by-cost',
          title: { en: 'Test error against multiply-adds', zh: '测试误差与乘加次数' },
          note,
          x: { label: { en: 'multiply-adds', zh: '乘加次数' }, scale: 'log', format: 'multiplyAdds' },
          y: { label: { en: 'test error', zh: '测试误差' }, format: 'percent' },
          points: runs.map((run) => point(run, run.record.macs)),
        },
        {
          kind: 'points',
          id: 'error-by-parameters',
          title: { en: 'Test error against parameters', zh: '测试误差与参数量' },
          note,
          x: { label: { en: 'parameters', zh: '参数量' }, scale: 'log', format: 'multiplyAdds' },
          y: { label: { en: 'test error', zh: '测试误差' }, format: 'percent' },
          points: runs.map((run) => point(run, run.record.params)),
        },
        timeByCost(result),
        memoryByCost(result),
        {
          kind: 'table',
          id: 'networks',
          title: { en: 'The networks', zh: '各网络' },
          note: {
            en: `Memory is planned for a training step of ${settings.batchSize} images; “recomputed” does concatenations and batch norms again instead of keeping them.`,
            zh: `内存为每批 ${settings.batchSize} 张图像的训练步按计划所需；“重计算”指不保留拼接与批归一化的结果，而是再算一次。`,
          },
          columns: [
            { label: { en: 'network', zh: '网络' } },
            { label: { en: 'parameters', zh: '参数量' }, format: 'count' },
            { label: { en: 'multiply-adds', zh: '乘加次数' }, format: 'multiplyAdds' },
            { label: { en: 'memory', zh: '内存' }, format: 'memory' },
            { label: { en: 'recomputed', zh: '重计算' }, format: 'memory' },
            { label: { en: 'images per second', zh: '每秒图像数' } },
            { label: { en: 'training error', zh: '训练误差' }, format: 'percent' },
            { label: { en: 'test error', zh: '测试误差' }, format: 'percent' },
          ],
          rows: distinct.map(({ record, memoryBytes, recomputedBytes }) => [
            record.network,
            record.params,
            record.macs,
            memoryBytes,
            recomputedBytes,
            record.imagesPerSecond,
            1 - record.trainTop1,
            1 - record.test.top1,
          ]),
        },
      ],
    };
  },
});

const shortened = ({ network, test, params, macs, imagesPerSecond, epochs }: TrainedRecord): SizedRun['record'] => ({
  network,
  test: { top1: test.top1, total: test.total },
  params,
  macs,
  imagesPerSecond,
  trainTop1: epochs.at(-1)?.train.top1 ?? Number.NaN,
});
