/** What trainings of several depths look like. */
import { models } from '../../models/index.ts';
import type { Figure } from '../../report/index.ts';
import type { TrainedRecord } from '../laboratory.ts';

const epoch = { label: { en: 'epoch', zh: '轮' } };

export const degradationFigures = (runs: readonly TrainedRecord[]): Figure[] => [
  {
    kind: 'lines',
    id: 'training-error',
    title: { en: 'Error on the training images', zh: '训练图像上的误差' },
    note: {
      en: 'Counted while each epoch trains, so that its first steps are in it.',
      zh: '在每轮训练过程中统计，因此包含该轮最初的若干步。',
    },
    x: epoch,
    y: { label: { en: 'training error', zh: '训练误差' }, format: 'percent' },
    series: runs.map(({ network, epochs }) => ({
      name: network,
      points: epochs.map(({ epoch: at, train }) => [at, errorOf(train)] as const),
    })),
  },
  {
    kind: 'lines',
    id: 'held-out-error',
    title: { en: 'Error on images that were held out', zh: '留出图像上的误差' },
    x: epoch,
    y: { label: { en: 'error', zh: '误差' }, format: 'percent' },
    series: runs.map(({ network, epochs }) => ({
      name: network,
      points: epochs.map(({ epoch: at, validation }) => [at, errorOf(validation)] as const),
    })),
  },
  {
    kind: 'table',
    id: 'networks',
    title: { en: 'The networks', zh: '各网络' },
    note: {
      en: 'The last column is from He et al. 2015, Table 6: CIFAR-10, about 180 epochs. The paper gives plain networks as curves alone.',
      zh: '最后一列来自 He 等人 2015 的表 6：CIFAR-10，约 180 轮。普通网络在论文中只有曲线。',
    },
    columns: [
      { label: { en: 'network', zh: '网络' } },
      { label: { en: 'training error', zh: '训练误差' }, format: 'percent' },
      { label: { en: 'test error', zh: '测试误差' }, format: 'percent' },
      { label: { en: 'parameters', zh: '参数量' }, format: 'count' },
      { label: { en: 'the paper’s test error', zh: '论文的测试误差' }, format: 'percent' },
    ],
    rows: runs.map(({ network, epochs, test, params }) => [
      network,
      errorOf(epochs.at(-1)?.train),
      errorOf(test),
      params,
      publishedError(network),
    ]),
  },
];

const errorOf = (score: { readonly top1: number | null } | undefined): number | null =>
  typeof score?.top1 === 'number' ? 1 - score.top1 : null;

/** On CIFAR-10, as a share; null where the paper has no number. */
export function publishedError(network: string): number | null {
  const percent = models.get(network)?.published.cifar10;
  return percent === undefined ? null : percent / 100;
}
