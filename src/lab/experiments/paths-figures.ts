/** What the paths of residual networks look like. */
import type { Figure } from '../../report/index.ts';
import { effectivePaths } from './effective-paths.ts';
import type { PathsRecord } from './paths-result.ts';

const length = { label: { en: 'branches on the path', zh: '路径上的分支数' } };

export function pathsFigures(networks: readonly PathsRecord[]): Figure[] {
  return [
    {
      kind: 'lines',
      id: 'path-lengths',
      title: { en: 'How many paths there are', zh: '各长度的路径数' },
      x: length,
      y: { label: { en: 'share of all paths', zh: '占全部路径的比例' }, format: 'percent' },
      series: networks.map(({ network, lengths }) => ({
        name: network,
        points: lengths.map(({ length: k, share }) => [k, share] as const),
      })),
    },
    {
      kind: 'lines',
      id: 'gradient-by-length',
      title: { en: 'What one path carries', zh: '单条路径传递的梯度' },
      note: {
        en: 'The norm of the gradient by the image: the mean of the paths that were drawn, and the range of the middle half.',
        zh: '对图像的梯度范数：抽样路径的平均值，色带为中间一半的范围。',
      },
      x: length,
      y: { label: { en: 'gradient norm at the image', zh: '图像处的梯度范数' }, scale: 'log' },
      series: networks.map(({ network, lengths }) => ({
        name: network,
        points: lengths.map(({ length: k, norm }) => [k, norm] as const),
        band: lengths.map(({ low, high }) => [low ?? Number.NaN, high ?? Number.NaN] as const),
      })),
    },
    {
      kind: 'lines',
      id: 'effective-paths',
      title: { en: 'What all paths of a length carry', zh: '各长度全部路径传递的梯度' },
      note: {
        en: 'Their number times the mean norm of one, as a share of the sum; dashed: their number alone.',
        zh: '路径数乘以单条路径的平均范数，占总和的比例；虚线：仅路径数。',
      },
      x: length,
      y: { label: { en: 'share', zh: '比例' }, format: 'percent' },
      series: networks.flatMap((record) => {
        const carried = effectivePaths(record)?.carried ?? record.lengths.map(() => null);
        return [
          { name: record.network, points: carried.map((share, k) => [k, share] as const) },
          {
            name: { en: `${record.network}, number of paths`, zh: `${record.network}，路径数` },
            points: record.lengths.map(({ length: k, share }) => [k, share] as const),
            isDashed: true,
          },
        ];
      }),
    },
  ];
}
