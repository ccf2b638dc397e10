import { findModel } from '../../models/index.ts';
import { type Amount, fullAmount, quickAmount } from '../amounts.ts';
import { defineExperiment } from '../experiment.ts';
import type { TrainedRecord } from '../laboratory.ts';

interface Settings extends Amount {
  readonly networks: readonly string[];
}

interface Result {
  readonly runs: readonly TrainedRecord[];
}

/** Deeper plain networks train worse, deeper residual ones do not. */
export const degradation = defineExperiment<Settings, Result>({
  name: 'degradation',
  title: { en: 'Do deeper networks train worse?', zh: '网络越深,训练越差吗?' },
  about: 'training error of plain and residual networks of two depths',
  source: 'He et al. 2015, Deep Residual Learning, Figures 1 and 6',
  method: {
    en: 'Plain and residual networks of equal depth are trained with one recipe, and their errors on the training images are compared.',
    zh: '用同一套训练方案训练深度相同的普通网络与残差网络,比较它们在训练图像上的误差。',
  },
  limits: {
    en: 'Few epochs on few images show where training starts to lag, not where it would end.',
    zh: '在少量图像上训练少数几轮,只能看出训练从何处开始落后,不能说明最终结果。',
  },
  quick: { networks: ['plain20', 'plain56', 'resnet20', 'resnet56'], ...quickAmount },
  full: { networks: ['plain20', 'plain56', 'resnet20', 'resnet56', 'resnet110'], ...fullAmount },
  trainings: ({ networks, ...amount }) => networks.map((name) => ({ network: findModel(name), ...amount })),
  async run(lab, { networks, ...amount }) {
    const runs: TrainedRecord[] = [];
    for (const name of networks) {
      const { record } = await lab.train({ network: findModel(name), ...amount });
      runs.push(record);
    }
    return { runs };
  },
  show: ({ runs }) => ({
    findings: [],
    figures: [
      {
        kind: 'lines',
        id: 'training-error',
        title: { en: 'Error on the training images', zh: '训练图像上的误差' },
        x: { label: { en: 'epoch', zh: '轮' } },
        y: { label: { en: 'training error', zh: '训练误差' }, format: 'percent' },
        series: runs.map(({ network, epochs }) => ({
          name: network,
          points: epochs.map(({ epoch, train }) => [epoch, 1 - train.top1] as const),
        })),
      },
      {
        kind: 'table',
        id: 'networks',
        title: { en: 'The networks', zh: '各网络' },
        columns: [
          { label: { en: 'network', zh: '网络' } },
          { label: { en: 'training error', zh: '训练误差' }, format: 'percent' },
          { label: { en: 'test error', zh: '测试误差' }, format: 'percent' },
          { label: { en: 'parameters', zh: '参数' }, format: 'count' },
        ],
        rows: runs.map(({ network, epochs, test, params }) => [
          network,
          1 - (epochs.at(-1)?.train.top1 ?? Number.NaN),
          1 - test.top1,
          params,
        ]),
      },
    ],
  }),
});
