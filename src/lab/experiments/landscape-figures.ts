import type { Figure } from '../../report/index.ts';
import { landscapeNumbers } from '../arithmetic/landscape-numbers.ts';
import type { Landscape } from './landscape-result.ts';

export function landscapeFigures(landscapes: readonly Landscape[]): Figure[] {
  const ways = landscapes.flatMap(({ name, way }) => (way ? [{ name, points: way }] : []));
  return [
    {
      kind: 'surface',
      id: 'planes',
      title: { en: 'The loss around the networks', zh: '网络周围的损失' },
      note: {
        en: 'The network is in the middle. Steps of colour are equal factors of the loss, the same for all planes; darker is higher.',
        zh: '网络位于中心。颜色每变一级，损失变化的倍数相同，各图一致；颜色越深，损失越高。',
      },
      x: { en: 'first direction', zh: '第一方向' },
      y: { en: 'second direction', zh: '第二方向' },
      value: { en: 'loss', zh: '损失' },
      planes: landscapes.map(({ name, places, plane }) => ({ name, xs: places, ys: places, values: plane })),
    },
    {
      kind: 'lines',
      id: 'lines',
      title: { en: 'The loss along the two directions', zh: '沿两个方向的损失' },
      x: { label: { en: 'distance in filter norms', zh: '距离（以滤波器范数计）' } },
      y: { label: { en: 'loss', zh: '损失' }, scale: 'log' },
      series: landscapes.flatMap(({ name, places, plane }) => {
        const middle = (places.length - 1) / 2;
        return [
          {
            name: { en: `${name}, first`, zh: `${name}，第一方向` },
            points: places.map((x, i) => [x, plane[middle]?.[i] ?? null] as const),
          },
          {
            name: { en: `${name}, second`, zh: `${name}，第二方向` },
            points: places.map((y, i) => [y, plane[i]?.[middle] ?? null] as const),
          },
        ];
      }),
    },
    ...(ways.length > 0
      ? [
          {
            kind: 'lines' as const,
            id: 'way',
            title: { en: 'From the start of training straight to its end', zh: '从训练起点直线走到终点' },
            note: {
              en: 'Weights and batch norm statistics are mixed in these shares; 0 is the random start, 1 the trained network.',
              zh: '权重与批归一化统计量按此比例混合；0 为随机初值，1 为训练后的网络。',
            },
            x: { label: { en: 'share of the way', zh: '走过路程的比例' } },
            y: { label: { en: 'loss', zh: '损失' }, scale: 'log' as const },
            series: ways,
          },
        ]
      : []),
    numbersTable(landscapes),
  ];
}

function numbersTable(landscapes: readonly Landscape[]): Figure {
  return {
    kind: 'table',
    id: 'landscape-numbers',
    title: { en: 'The planes in numbers', zh: '各平面的数值' },
    note: {
      en: 'Better than chance: points with a loss below that of equal probabilities. Bends down: points where the plane’s Hessian has a negative eigenvalue. Ratio: the mean of |λmin/λmax| with 0 where λmin is not negative.',
      zh: '优于随机：损失低于各类等概率时的点。向下弯曲：平面上的海森矩阵有负特征值的点。比值：|λmin/λmax| 的平均值，λmin 非负处计 0。',
    },
    columns: [
      { label: { en: 'network', zh: '网络' } },
      { label: { en: 'loss', zh: '损失' } },
      { label: { en: 'better than chance', zh: '优于随机' }, format: 'percent' },
      { label: { en: 'bends down', zh: '向下弯曲' }, format: 'percent' },
      { label: { en: 'ratio', zh: '比值' } },
      { label: { en: 'curvature, first', zh: '曲率，第一方向' } },
      { label: { en: 'curvature, second', zh: '曲率，第二方向' } },
    ],
    rows: landscapes.map((one) => {
      const { centre, better, convexity, curvatures } = landscapeNumbers(one);
      const numbers = [centre, better, convexity.share, convexity.ratio, curvatures[0], curvatures[1]];
      return [one.name, ...numbers.map((value) => (value !== undefined && Number.isFinite(value) ? value : null))];
    }),
  };
}
