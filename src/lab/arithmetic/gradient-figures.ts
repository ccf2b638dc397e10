/** The figures of the experiment `gradients`. */
import type { Axis, Figure, LinesFigure, Series, Words } from '../../report/index.ts';
import { spreadOf } from './gradient-norms.ts';
import type { GradientResult } from './gradient-result.ts';
import type { NetworkNorms } from './network-norms.ts';
import { readingsOf } from './tower-readings.ts';
import { expectedFactor, towerVariants } from './tower-variants.ts';

/** @param width of the towers */
export function gradientFigures(result: GradientResult, width: number): Figure[] {
  const trained = result.networks.filter(({ steps }) => steps.length > 1);
  return [
    ...(result.towers.length > 0 ? [byDepth(result, width), byTowerLayer(result)] : []),
    ...(result.networks.length > 0 ? [byConvolution(result.networks, 'at-first', atFirst)] : []),
    ...(trained.length > 0 ? [firstLayer(trained), spread(trained)] : []),
    ...(result.own ? [byConvolution([result.own], 'own', ofOwn)] : []),
    ...(result.towers.length > 0 ? [towerTable(result)] : []),
  ];
}

const log = (label: Words): Axis => ({ label, scale: 'log' });

const atFirst: Words = { en: 'With batch norm, at the first step', zh: '有批归一化，第一步' };
const ofOwn: Words = { en: 'Your network, as it predicts', zh: '你的网络（评估模式）' };
const relative: Words = { en: 'gradient, by the last layer’s', zh: '梯度（与最后一层之比）' };
const byWeight: Words = { en: 'norm of the gradient by the weight', zh: '对权重的梯度范数' };

function byDepth(result: GradientResult, width: number): LinesFigure {
  const depths = [...new Set(result.towers.map(({ depth }) => depth))].sort((a, b) => a - b);
  // float32 ends there, and so do norms that are measured
  const expected = (factor: (depth: number) => number): [number, number | null][] =>
    depths.map((depth) => [depth, factor(depth) > 1e-38 ? factor(depth) : null]);
  return {
    kind: 'lines',
    id: 'first-layer-by-depth',
    title: { en: 'Without batch norm: the first layer’s gradient against depth', zh: '无批归一化：第一层梯度与深度' },
    note: {
      en: 'By that at the last layer: 1 is level. Lines end where float32 has no number so small. Dashed: theory.',
      zh: '与最后一层之比，1 表示不变。小到 float32 无法表示时曲线中断。虚线为理论值。',
    },
    x: { label: { en: 'convolutions', zh: '卷积层数' } },
    y: log(relative),
    series: [
      ...towerVariants.map(
        ({ id, name }): Series => ({
          name,
          points: readingsOf(result, id).map(({ depth, ratio }) => [depth, ratio || null] as const),
        }),
      ),
      {
        name: { en: 'theory: std 0.01 (He et al. 2015)', zh: '理论：标准差 0.01（He 等人 2015）' },
        points: expected((depth) => expectedFactor(width) ** (depth - 1)),
        isDashed: true,
      },
      {
        name: { en: 'theory: √2 for each unscaled block (Fixup)', zh: '理论：不缩放，每块 √2（Fixup）' },
        points: expected((depth) => Math.SQRT2 ** (depth / 2 - 1)),
        isDashed: true,
      },
    ],
  };
}

function byTowerLayer({ towers }: GradientResult): LinesFigure {
  const most = Math.max(...towers.map(({ depth }) => depth));
  return {
    kind: 'lines',
    id: 'norms-by-layer',
    title: { en: `Without batch norm: layer by layer, at depth ${most}`, zh: `无批归一化：逐层，深度 ${most}` },
    x: { label: { en: 'convolutions below', zh: '之前的卷积层数' } },
    y: log(relative),
    hasDots: false,
    series: towerVariants.flatMap(({ id, name }) => {
      const norms = towers.find(({ variant, depth }) => variant === id && depth === most)?.norms ?? [];
      const last = norms.at(-1);
      const each = most / norms.length;
      return last
        ? [{ name, points: norms.map((norm, i) => [(i + 1) * each, norm ? norm / last : null] as const) }]
        : [];
    }),
  };
}

const towerTable = (result: GradientResult): Figure => ({
  kind: 'table',
  id: 'towers',
  title: { en: 'The towers', zh: '各卷积塔' },
  columns: [
    { label: { en: 'tower', zh: '卷积塔' } },
    { label: { en: 'convolutions', zh: '卷积层数' } },
    { label: { en: 'first layer by last', zh: '第一层与最后一层之比' } },
    { label: { en: 'for each layer or block', zh: '每层或每块' } },
  ],
  rows: towerVariants.flatMap(({ id, name }) =>
    readingsOf(result, id).map(({ depth, ratio, factor }) => [name, depth, ratio, factor]),
  ),
});

const byConvolution = (networks: readonly NetworkNorms[], id: string, title: Words): LinesFigure => ({
  kind: 'lines',
  id,
  title,
  x: {
    label: { en: 'share of the convolutions, from the image on', zh: '卷积层的位置（从图像起）' },
    format: 'percent',
  },
  y: log(byWeight),
  hasDots: false,
  series: networks.map(({ network, steps }) => {
    const norms = steps[0]?.norms ?? [];
    return { name: network, points: norms.map((norm, i) => [i / Math.max(1, norms.length - 1), norm] as const) };
  }),
});

const overSteps = (
  networks: readonly NetworkNorms[],
  read: (norms: readonly (number | null)[]) => number | null,
): Pick<LinesFigure, 'kind' | 'x' | 'hasDots' | 'series'> => ({
  kind: 'lines',
  x: { label: { en: 'step', zh: '步' } },
  hasDots: false,
  series: networks.map(({ network, steps }) => ({
    name: network,
    points: steps.map(({ norms }, step) => [step + 1, read(norms)] as const),
  })),
});

/** The first convolution's gradient, step by step. @param networks that went on training */
export const firstLayer = (networks: readonly NetworkNorms[]): LinesFigure => ({
  ...overSteps(networks, (norms) => norms[0] ?? null),
  id: 'first-layer-in-training',
  title: { en: 'Over training: the first convolution', zh: '训练过程中：第一个卷积' },
  y: log(byWeight),
});

const spread = (networks: readonly NetworkNorms[]): LinesFigure => ({
  ...overSteps(networks, spreadOf),
  id: 'spread-in-training',
  title: {
    en: 'Over training: the largest layer’s gradient by the smallest one’s',
    zh: '训练过程中：各层梯度最大值与最小值之比',
  },
  y: log({ en: 'largest by smallest', zh: '最大值与最小值之比' }),
});
