/** The figures of the experiment `shattering`. */
import type { Axis, Figure, LinesFigure, Series, Words } from '../../report/index.ts';
import { lineVariants, nameOfLine, plainRule, residualRule } from './line-variants.ts';
import { halfAt, linesOf } from './shattering-readings.ts';
import type { NoiseLine, ShatteringResult } from './shattering-result.ts';

/** @param step between two points of the towers' line */
export function shatteringFigures(result: ShatteringResult, step: number): Figure[] {
  const depth = Math.max(...result.towers.map((one) => one.depth));
  return [
    byDepth(result),
    byDistance(result, depth, step),
    examples(result, step),
    spectra(result, depth),
    ...(result.networks.length > 0 ? [betweenImages(result)] : []),
    towerTable(result),
  ];
}

const correlation: Axis = { label: { en: 'correlation', zh: '相关系数' } };
const names: Readonly<Record<NoiseLine['noise'], Words>> = {
  white: { en: 'white noise', zh: '白噪声' },
  brown: { en: 'brown noise', zh: '布朗噪声' },
};

function byDepth(result: ShatteringResult): LinesFigure {
  const depths = [...new Set(result.towers.map(({ depth }) => depth))].sort((a, b) => a - b);
  const rule = (name: Words, of: (depth: number) => number): Series => ({
    name,
    points: depths.map((depth) => [depth, of(depth)] as const),
    isDashed: true,
  });
  return {
    kind: 'lines',
    id: 'correlation-by-depth',
    title: { en: 'Correlation of gradients against depth', zh: '梯度相关系数与深度' },
    note: {
      en: 'The mean over all pairs of points and over initialisations. Dashed: the rules of Balduzzi et al. 2017.',
      zh: '对所有点对和多次初始化取平均。虚线为 Balduzzi 等人 2017 的规律。',
    },
    x: { label: { en: 'layers', zh: '层数' }, scale: 'log' },
    y: correlation,
    series: [
      ...lineVariants.map(
        ({ id, name }): Series => ({
          name,
          points: linesOf(result, id).map((one) => [one.depth, one.correlation] as const),
        }),
      ),
      rule({ en: 'rule for plain: 1/2^L', zh: '普通网络的规律：1/2^L' }, plainRule),
      rule({ en: 'rule for residual with batch norm: 1/√L', zh: '带批归一化的残差网络的规律：1/√L' }, residualRule),
    ],
  };
}

const byDistance = ({ towers, noises }: ShatteringResult, depth: number, step: number): LinesFigure => ({
  kind: 'lines',
  id: 'correlation-by-distance',
  title: { en: `Correlation against distance, at depth ${depth}`, zh: `相关系数与距离，深度 ${depth}` },
  note: { en: 'Dashed: noise, for comparison.', zh: '虚线为用作比较的噪声。' },
  x: { label: { en: 'distance of the inputs', zh: '输入之间的距离' } },
  y: correlation,
  hasDots: false,
  series: [
    ...lineVariants.flatMap(({ id, name }) => {
      const line = towers.find((one) => one.variant === id && one.depth === depth);
      return line ? [{ name, points: line.autocorrelation.map((value, i) => [i * step, value] as const) }] : [];
    }),
    ...noises.map(({ noise, autocorrelation }) => ({
      name: names[noise],
      points: autocorrelation.map((value, i) => [i * step, value] as const),
      isDashed: true,
    })),
  ],
});

/** As in the paper's Figure 1: a low plain tower, a high one, and a high residual one. */
function examples(result: ShatteringResult, step: number): LinesFigure {
  const shown = [
    linesOf(result, 'plain-norm')[0],
    linesOf(result, 'plain-norm').at(-1),
    linesOf(result, 'residual-norm-tenth').at(-1),
  ];
  return {
    kind: 'lines',
    id: 'gradients-along-the-line',
    title: { en: 'Gradients along the line, of one initialisation', zh: '一次初始化时沿直线的梯度' },
    note: {
      en: 'By the root of their mean square, so that the networks can be compared.',
      zh: '已除以均方根，便于比较。',
    },
    x: { label: { en: 'input', zh: '输入' } },
    y: { label: { en: 'gradient', zh: '梯度' } },
    hasDots: false,
    series: shown.flatMap((line) =>
      line
        ? [
            {
              name: {
                en: `${nameOfLine(line.variant).en}, depth ${line.depth}`,
                zh: `${nameOfLine(line.variant).zh}，深度 ${line.depth}`,
              },
              points: line.example.map((value, i) => [(i - (line.example.length - 1) / 2) * step, value] as const),
            },
          ]
        : [],
    ),
  };
}

/** More than these cannot be told apart. */
const inSpectra = ['plain', 'residual-norm', 'plain-norm', 'residual-norm-tenth'];

const spectra = ({ towers, noises }: ShatteringResult, depth: number): LinesFigure => ({
  kind: 'lines',
  id: 'spectra',
  title: { en: `Spectra of the gradients, at depth ${depth}`, zh: `梯度的频谱，深度 ${depth}` },
  note: {
    en: 'White noise is flat; brown noise falls with the square of the frequency.',
    zh: '白噪声的频谱是平的；布朗噪声的频谱按频率的平方下降。',
  },
  x: { label: { en: 'periods over the line', zh: '整条直线上的周期数' }, scale: 'log' },
  y: { label: { en: 'share of the variance', zh: '占总方差的比例' }, scale: 'log' },
  hasDots: false,
  series: [
    ...inSpectra.flatMap((id) => {
      const line = towers.find((one) => one.variant === id && one.depth === depth);
      return line ? [{ name: nameOfLine(id), points: line.spectrum.map((value, i) => [i + 1, value] as const) }] : [];
    }),
    ...noises.map(({ noise, spectrum }) => ({
      name: names[noise],
      points: spectrum.map((value, i) => [i + 1, value] as const),
      isDashed: true,
    })),
  ],
});

const betweenImages = ({ networks }: ShatteringResult): LinesFigure => ({
  kind: 'lines',
  id: 'between-images',
  title: { en: 'Published networks, between two images', zh: '已发表网络，两张图像之间' },
  x: { label: { en: 'points apart on the line', zh: '直线上相隔的点数' } },
  y: correlation,
  hasDots: false,
  series: networks.map(({ network, autocorrelation }) => ({
    name: network,
    points: autocorrelation.map((value, i) => [i, value] as const),
  })),
});

const towerTable = (result: ShatteringResult): Figure => ({
  kind: 'table',
  id: 'towers',
  title: { en: 'The towers', zh: '各全连接塔' },
  columns: [
    { label: { en: 'tower', zh: '塔' } },
    { label: { en: 'layers', zh: '层数' } },
    { label: { en: 'correlation of all pairs', zh: '所有点对的相关系数' } },
    { label: { en: 'of neighbours', zh: '相邻点的相关系数' } },
    { label: { en: 'points until it is below a half', zh: '降到一半以下的点数' } },
  ],
  rows: lineVariants.flatMap(({ id, name }) =>
    linesOf(result, id).map(({ depth, correlation: all, autocorrelation }) => [
      name,
      depth,
      all,
      autocorrelation[1] ?? null,
      halfAt(autocorrelation),
    ]),
  ),
});
