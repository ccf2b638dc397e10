import type { Bar, Figure, Point, Text } from '../../report/index.ts';
import type { LargeNetwork, MemoryResult } from './memory-result.ts';

export const memoryFigures = ({ networks, large, least }: MemoryResult, batchSize: number): Figure[] => [
  {
    kind: 'table',
    id: 'measured',
    title: { en: 'What was measured', zh: '测量结果' },
    note: {
      en: `A training step and a prediction of ${batchSize} images; peaks are of a process that did nothing else. “Again” is with recomputation.`,
      zh: `每批 ${batchSize} 张图像的训练步与预测；峰值是只做此事的进程的内存峰值。“重计算”各栏为反向传播时重新计算中间结果。`,
    },
    columns: [
      { label: { en: 'network', zh: '网络' } },
      { label: { en: 'parameters', zh: '参数量' }, format: 'count' },
      { label: { en: 'multiply-adds', zh: '乘加次数' }, format: 'multiplyAdds' },
      { label: { en: 'step', zh: '训练步' }, format: 'seconds' },
      { label: { en: 'step’s peak', zh: '训练步峰值' }, format: 'memory' },
      { label: { en: 'again', zh: '重计算' }, format: 'seconds' },
      { label: { en: 'peak again', zh: '重计算峰值' }, format: 'memory' },
      { label: { en: 'prediction', zh: '预测' }, format: 'seconds' },
      { label: { en: 'prediction’s peak', zh: '预测峰值' }, format: 'memory' },
    ],
    rows: [
      ...networks.map(({ name, params, macs, step, recomputing, prediction }) => [
        name,
        params,
        macs,
        step.seconds,
        step.peakBytes,
        recomputing?.seconds ?? null,
        recomputing?.peakBytes ?? null,
        prediction.seconds,
        prediction.peakBytes,
      ]),
      [{ en: 'one layer', zh: '一层' }, null, null, least.seconds, least.peakBytes, null, null, null, null],
    ],
  },
  {
    kind: 'bars',
    id: 'step-memory',
    title: { en: 'Memory of a training step', zh: '训练步的内存' },
    x: { label: { en: 'memory', zh: '内存' }, format: 'memory' },
    bars: networks.flatMap(({ name, planned, step, recomputing }): Bar[] => [
      bar(name, { en: 'planned', zh: '计划' }, planned.step.totalBytes),
      bar(name, { en: 'measured', zh: '实测' }, step.peakBytes),
      ...(recomputing
        ? [
            bar(name, { en: 'planned, recomputing', zh: '计划，重计算' }, planned.dense.totalBytes),
            bar(name, { en: 'measured, recomputing', zh: '实测，重计算' }, recomputing.peakBytes),
          ]
        : []),
    ]),
  },
  {
    kind: 'points',
    id: 'accuracy-parameters',
    title: { en: 'Large networks: accuracy against parameters', zh: '大网络：准确率与参数量' },
    note: {
      en: 'Top-1 accuracy in percent as published with torchvision’s first weights, not measured here; parameters are counted.',
      zh: 'Top-1 准确率（%）为 torchvision 第一版权重的公布值，并非此处测得；参数量由 Skein 统计。',
    },
    x: { label: { en: 'parameters, millions', zh: '参数量（百万）' }, scale: 'log' },
    y: { label: { en: 'top-1, percent', zh: 'Top-1（%）' } },
    points: large.flatMap(pointOf(({ params }) => params / 1e6)),
  },
  {
    kind: 'points',
    id: 'accuracy-multiply-adds',
    title: { en: 'Large networks: accuracy against multiply-adds', zh: '大网络：准确率与乘加次数' },
    x: { label: { en: 'multiply-adds, billions', zh: '乘加次数（十亿）' }, scale: 'log' },
    y: { label: { en: 'top-1, percent', zh: 'Top-1（%）' } },
    points: large.flatMap(pointOf(({ macs }) => macs / 1e9)),
  },
  {
    kind: 'table',
    id: 'large',
    title: { en: 'Large networks, counted', zh: '大网络的统计' },
    note: {
      en: 'For one image of 224×224. Published parameters and multiply-adds are of the papers and their authors’ code; bytes moved are what ops read and write; maps are all results together.',
      zh: '对一张 224×224 的图像。公布的参数量与乘加次数来自论文及作者代码；读写字节数为各运算读写之和；特征图为所有中间结果之和。',
    },
    columns: [
      { label: { en: 'network', zh: '网络' } },
      { label: { en: 'parameters', zh: '参数量' }, format: 'count' },
      { label: { en: 'published', zh: '公布值' }, format: 'count' },
      { label: { en: 'multiply-adds', zh: '乘加次数' }, format: 'multiplyAdds' },
      { label: { en: 'published', zh: '公布值' }, format: 'multiplyAdds' },
      { label: { en: 'bytes moved', zh: '读写字节数' }, format: 'memory' },
      { label: { en: 'maps', zh: '特征图' }, format: 'memory' },
      { label: { en: 'top-1, percent', zh: 'Top-1（%）' } },
    ],
    rows: large.map(({ name, params, macs, published, traffic, activationBytes }) => [
      name,
      params,
      published.params ?? null,
      macs,
      published.macs ?? null,
      traffic.bytes,
      activationBytes,
      published.top1 ?? null,
    ]),
  },
];

const bar = (name: string, group: { readonly en: string; readonly zh: string }, value: number): Bar => ({
  name: { en: `${name}, ${group.en}`, zh: `${name}，${group.zh}` },
  group,
  value,
});

const families: readonly (readonly [string, Text])[] = [
  ['densenet', { en: 'dense', zh: '稠密' }],
  ['resnet', { en: 'residual', zh: '残差' }],
  ['', { en: 'conventional', zh: '传统' }],
];

const pointOf =
  (x: (network: LargeNetwork) => number) =>
  (network: LargeNetwork): Point[] => {
    const group = families.find(([word]) => network.name.startsWith(word))?.[1] ?? '';
    const { top1 } = network.published;
    return top1 === undefined ? [] : [{ name: network.name, x: x(network), y: top1, group }];
  };
