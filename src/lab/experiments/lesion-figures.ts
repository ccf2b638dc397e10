/** What the lesions of networks look like. */

import { median } from '../../metrics/index.ts';
import type { Figure, LinesFigure } from '../../report/index.ts';
import { mean } from '../arithmetic/averages.ts';
import type { LesionRecord } from './lesion-result.ts';

const error = { label: { en: 'test error', zh: '测试误差' }, format: 'percent', domain: [0, 1] } as const;

export function lesionFigures(networks: readonly LesionRecord[]): Figure[] {
  const swapped = networks.filter(({ swaps }) => swaps.length > 0);
  return [
    {
      kind: 'lines',
      id: 'without-each-block',
      title: { en: 'Without one block', zh: '去掉一个块' },
      note: {
        en: 'At 0 the whole network; each other point is the network without the block at that place. A gap is a block that cannot be taken out.',
        zh: '0 处为完整网络；其余各点是去掉该处的块后的网络。断开处的块无法去掉。',
      },
      x: { label: { en: 'block, in the order of the network', zh: '块（按网络中的顺序）' } },
      y: error,
      series: networks.map(({ network, error: whole, without }) => ({
        name: network,
        points: [[0, whole] as const, ...without.map((one, place) => [place + 1, one.error] as const)],
      })),
    },
    {
      kind: 'lines',
      id: 'without-several-blocks',
      title: { en: 'Without several blocks', zh: '去掉多个块' },
      note: {
        en: 'The blocks are drawn at random; the line is the mean of the draws, the band their range.',
        zh: '块随机抽取；线为各次抽取的平均值，色带为其范围。',
      },
      x: { label: { en: 'blocks taken out', zh: '去掉的块数' } },
      y: error,
      series: networks.map(severalOf),
    },
    ...(swapped.length > 0 ? [orderFigure(swapped)] : []),
    {
      kind: 'table',
      id: 'networks',
      title: { en: 'The networks', zh: '各网络' },
      columns: [
        { label: { en: 'network', zh: '网络' } },
        { label: { en: 'blocks', zh: '块' }, format: 'count' },
        { label: { en: 'that can be taken out', zh: '可去掉的块' }, format: 'count' },
        { label: { en: 'error of the whole', zh: '完整网络的误差' }, format: 'percent' },
        { label: { en: 'without one: median', zh: '去掉一个：中位数' }, format: 'percent' },
        { label: { en: 'without one: highest', zh: '去掉一个：最高' }, format: 'percent' },
        { label: { en: 'test images', zh: '测试图像' }, format: 'count' },
      ],
      rows: networks.map(({ network, without, error: whole, images }) => {
        const errors = without.flatMap((one) => (one.error === null ? [] : [one.error]));
        return [network, without.length, errors.length, whole, median(errors), Math.max(...errors), images];
      }),
    },
  ];
}

function severalOf({ network, error: whole, without, several }: LesionRecord): LinesFigure['series'][number] {
  const single = without.flatMap((one) => (one.error === null ? [] : [one.error]));
  const all = [{ count: 0, errors: [whole] }, { count: 1, errors: single }, ...several];
  return {
    name: network,
    points: all.map(({ count, errors }) => [count, mean(errors)] as const),
    band: all.map(({ errors }) => [Math.min(...errors), Math.max(...errors)] as const),
  };
}

const orderFigure = (networks: readonly LesionRecord[]): Figure => ({
  kind: 'lines',
  id: 'order',
  title: { en: 'Blocks in another order', zh: '打乱块的顺序' },
  note: {
    en: 'Only blocks of equal shape change places. Kendall’s tau is 1 for the network’s own order and falls with every pair that is turned round.',
    zh: '只交换形状相同的块。肯德尔 τ 在原顺序时为 1，每颠倒一对就下降。',
  },
  x: { label: { en: 'Kendall’s tau of the order', zh: '顺序的肯德尔 τ' } },
  y: error,
  series: networks.map(({ network, error: whole, swaps }) => ({
    name: network,
    points: [...swaps.map(({ tau, error }) => [tau, error] as const), [1, whole] as const].sort(([a], [b]) => a - b),
  })),
});
