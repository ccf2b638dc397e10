/** What calibration, corruptions and seeds come to, as figures. */
import { corruptionTitle } from '../../corruptions/index.ts';
import type { Figure } from '../../report/index.ts';
import { corruptionDifferences, summaryOf } from './reliability-numbers.ts';
import type { ReliabilityResult } from './reliability-result.ts';

export const reliabilityFigures = (result: ReliabilityResult): Figure[] => [
  calibrationTable(result),
  corruptionFigure(result),
  corruptionTable(result),
  seedTable(result),
];

function calibrationTable({ networks }: ReliabilityResult): Figure {
  return {
    kind: 'table',
    id: 'calibration',
    title: { en: 'Confidence and accuracy', zh: '置信度与准确率' },
    note: {
      en: 'Error: the expected calibration error, before and after the temperature. Chance: that of a network whose confidence is right, on as many images: its mean, and what 95 % of draws stay below.',
      zh: '校准误差：期望校准误差，以及拟合温度之后的值。偶然：假设置信度完全正确，在同样多的图像上仍会测得的误差；列出其平均值，以及 95 % 的情况不超过的值。',
    },
    columns: [
      { label: { en: 'network', zh: '网络' } },
      { label: { en: 'seed', zh: '种子' }, format: 'count' },
      { label: { en: 'accuracy', zh: '准确率' }, format: 'percent' },
      { label: { en: 'confidence', zh: '置信度' }, format: 'percent' },
      { label: { en: 'error', zh: '校准误差' }, format: 'percent' },
      { label: { en: 'chance', zh: '偶然' }, format: 'percent' },
      { label: { en: 'in 95 %', zh: '偶然，95 %' }, format: 'percent' },
      { label: { en: 'temperature', zh: '温度' } },
      { label: { en: 'error after', zh: '拟合后' }, format: 'percent' },
    ],
    rows: networks.flatMap(({ network, seeds }) =>
      seeds.map(({ seed, fit, temperature, fitAfter }) => [
        network,
        seed,
        fit.accuracy,
        fit.confidence,
        fit.error,
        fit.chance.mean,
        fit.chance.high,
        temperature,
        fitAfter?.error ?? null,
      ]),
    ),
  };
}

const corruptionName = (name: string) => ({
  en: corruptionTitle(name),
  zh: corruptionsInChinese[name] ?? corruptionTitle(name),
});

/** Of those that the experiment has. */
const corruptionsInChinese: Readonly<Record<string, string>> = {
  gaussianNoise: '高斯噪声',
  defocusBlur: '散焦模糊',
  brightness: '亮度',
  contrast: '对比度',
  pixelate: '像素化',
};

function corruptionFigure({ networks, corruptions }: ReliabilityResult): Figure {
  return {
    kind: 'bars',
    id: 'corruptions',
    title: { en: 'Accuracy on spoilt images', zh: '受损图像上的准确率' },
    x: { label: { en: 'accuracy', zh: '准确率' }, format: 'percent', domain: [0, 1] },
    bars: ['clean', ...corruptions].flatMap((name, i) =>
      networks.map(({ network, corrupted }) => ({
        name: i === 0 ? { en: 'clean', zh: '干净图像' } : corruptionName(name),
        value: i === 0 ? corrupted.clean : (corrupted.top1[i - 1] ?? null),
        group: network,
      })),
    ),
  };
}

function corruptionTable(result: ReliabilityResult): Figure {
  return {
    kind: 'table',
    id: 'corruption-differences',
    title: { en: 'Differences on the same spoilt images', zh: '同样的受损图像上的差别' },
    columns: [
      { label: { en: 'networks', zh: '网络' } },
      { label: { en: 'difference', zh: '差' }, format: 'percent' },
      { label: { en: 'low', zh: '下限' }, format: 'percent' },
      { label: { en: 'high', zh: '上限' }, format: 'percent' },
      { label: { en: 'p', zh: 'p' } },
    ],
    rows: corruptionDifferences(result).map(({ first, second, mean: difference, low, high, p }) => [
      `${first} − ${second}`,
      difference,
      low,
      high,
      p,
    ]),
  };
}

function seedTable({ networks }: ReliabilityResult): Figure {
  return {
    kind: 'table',
    id: 'seeds',
    title: { en: 'What another seed changes', zh: '换一个种子的影响' },
    columns: [
      { label: { en: 'network', zh: '网络' } },
      { label: { en: 'mean accuracy', zh: '平均准确率' }, format: 'percent' },
      { label: { en: 'largest less smallest', zh: '最大减最小' }, format: 'percent' },
      { label: { en: 'answers that differ', zh: '预测不同的比例' }, format: 'percent' },
    ],
    rows: networks.map((one) => {
      const { network, accuracy, spread, disagreement: share } = summaryOf(one);
      return [network, accuracy, spread, share];
    }),
  };
}
