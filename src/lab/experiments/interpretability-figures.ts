/** What scores of maps come to, as figures. */
import { tInterval } from '../../metrics/index.ts';
import type { Bar, Figure } from '../../report/index.ts';
import { mean } from '../arithmetic/averages.ts';
import { gainsOf, measures } from '../arithmetic/map-scores.ts';
import type { InterpretabilityResult } from './interpretability-result.ts';
import { densePairs, mapDifferences, measureNames, methodName, scoresOf } from './map-differences.ts';

export const interpretabilityFigures = (result: InterpretabilityResult): Figure[] => [
  gainFigure(result),
  scoreTable(result),
  differenceTable(result, ...densePairs(result)),
];

function gainFigure(result: InterpretabilityResult): Figure {
  const bars = result.methods.flatMap((method, i) =>
    measures.flatMap((measure) =>
      result.networks.map(({ network }): Bar => {
        const { mean, low, high } = tInterval(gainsOf(scoresOf(result, network, i), measure));
        const { en, zh } = measureNames[measure];
        return {
          name: { en: `${method}, ${en}`, zh: `${methodName(method).zh}，${zh}` },
          value: mean,
          low,
          high,
          group: network,
        };
      }),
    ),
  );
  return {
    kind: 'bars',
    id: 'gains',
    title: { en: 'Gain over random maps', zh: '相对随机显著图的增益' },
    note: {
      en: 'Mean over images with its 95 % interval. Above 0 the map marks what the network uses better than chance does.',
      zh: '各图像的平均值及 95 % 置信区间。大于 0 表示显著图比随机显著图更能标出网络用到的部分。',
    },
    x: { label: { en: 'gain in area, as a share of the answer’s probability', zh: '面积增益（相对预测类别的概率）' } },
    bars,
  };
}

function scoreTable(result: InterpretabilityResult): Figure {
  return {
    kind: 'table',
    id: 'scores',
    title: { en: 'Scores', zh: '得分' },
    note: {
      en: 'Insertion: more is better. Deletion: less is better. Areas are divided by the probability of the answer on the whole image, because a surer network has larger ones.',
      zh: '插入得分越大越好，删除得分越小越好。面积已除以整幅图像上预测类别的概率，因为更自信的网络面积更大。',
    },
    columns: [
      { label: { en: 'network', zh: '网络' } },
      { label: { en: 'method', zh: '方法' } },
      { label: { en: 'insertion', zh: '插入' } },
      { label: { en: 'random', zh: '随机' } },
      { label: { en: 'deletion', zh: '删除' } },
      { label: { en: 'random', zh: '随机' } },
      { label: { en: 'confidence', zh: '置信度' }, format: 'percent' },
      { label: { en: 'test accuracy', zh: '测试准确率' }, format: 'percent' },
    ],
    rows: result.networks.flatMap(({ network, top1, images }) =>
      result.methods.map((method, i) => {
        const scores = scoresOf(result, network, i);
        return [
          network,
          methodName(method),
          mean(scores.map(({ insertion }) => insertion)),
          mean(scores.map(({ random }) => random.insertion)),
          mean(scores.map(({ deletion }) => deletion)),
          mean(scores.map(({ random }) => random.deletion)),
          mean(images.map(({ probability }) => probability)),
          top1,
        ];
      }),
    ),
  };
}

function differenceTable(result: InterpretabilityResult, dense: string, others: readonly string[]): Figure {
  return {
    kind: 'table',
    id: 'differences',
    title: { en: 'Differences of gains, image by image', zh: '逐张图像的增益之差' },
    note: {
      en: 'p is that of a paired t test, corrected for the four tests of each pair of networks (Holm 1979).',
      zh: 'p 为配对 t 检验的值，已对每对网络的四个检验作多重比较校正（Holm 1979）。',
    },
    columns: [
      { label: { en: 'networks', zh: '网络' } },
      { label: { en: 'method', zh: '方法' } },
      { label: { en: 'score', zh: '得分' } },
      { label: { en: 'difference', zh: '差' } },
      { label: { en: 'low', zh: '下限' } },
      { label: { en: 'high', zh: '上限' } },
      { label: { en: 'p', zh: 'p' } },
    ],
    rows: others.flatMap((other) =>
      mapDifferences(result, dense, other).map(({ method, measure, mean: difference, low, high, p }) => [
        `${dense} − ${other}`,
        methodName(method),
        measureNames[measure],
        difference,
        low,
        high,
        p,
      ]),
    ),
  };
}
