import { findModel } from '../../models/index.ts';
import { type Amount, fullAmount, quickAmount } from '../amounts.ts';
import { defineExperiment } from '../experiment.ts';
import type { TrainedRecord } from '../laboratory.ts';
import { degradationFigures } from './degradation-figures.ts';
import { degradationFindings } from './degradation-findings.ts';
import type { DegradationResult } from './degradation-result.ts';

interface Settings extends Amount {
  readonly networks: readonly string[];
}

/** Deeper plain networks train worse, deeper residual ones do not. */
export const degradation = defineExperiment<Settings, DegradationResult>({
  name: 'degradation',
  title: { en: 'Do deeper networks train worse?', zh: '网络越深，训练越差吗？' },
  about: 'training error of plain and residual networks of two depths',
  source: {
    en: 'He et al. 2015, arXiv 1512.03385, §4.2, Figures 1 and 6',
    zh: 'He 等人 2015，arXiv 1512.03385，§4.2，图 1 与图 6',
  },
  method: {
    en: 'Plain and residual networks of equal depth are trained with one recipe, and their errors on the training images are compared.',
    zh: '用同一套训练方案训练深度相同的普通网络与残差网络，比较它们在训练图像上的误差。',
  },
  limits: {
    en: 'Few epochs on few images, with one seed, show where training starts to lag, not where it would end. Intervals know of the images, not of other seeds.',
    zh: '在少量图像上、用一个种子训练少数几轮，只能看出训练从何处开始落后，不能说明最终结果。区间只反映图像的抽样，不反映其他种子。',
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
    const all = lab.data.train.length;
    return { images: Math.min(amount.images ?? all, all), runs };
  },
  show: (result) => ({ findings: degradationFindings(result), figures: degradationFigures(result.runs) }),
});
