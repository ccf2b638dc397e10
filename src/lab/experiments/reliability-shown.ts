/** What calibration, corruptions and seeds come to, as sentences and figures. */
import { corruptionTitle } from '../../corruptions/index.ts';
import { holm, type PairedTTest, pairedTTest } from '../../metrics/index.ts';
import { type Figure, type LaboratoryFinding, percent } from '../../report/index.ts';
import { mean } from '../arithmetic/averages.ts';
import { disagreement } from '../arithmetic/reliability.ts';
import type { Shown } from '../experiment.ts';
import { differenceText } from '../number-words.ts';
import type { ReliabilityResult } from './reliability-result.ts';

type NetworkReliability = ReliabilityResult['networks'][number];

export function showReliability(result: ReliabilityResult): Shown {
  return {
    findings: [calibrationFinding(result), ...corruptionFindings(result), seedFinding(result)],
    figures: [calibrationTable(result), corruptionFigure(result), corruptionTable(result), seedTable(result)],
  };
}

/** Its numbers over all seeds; 0 to 1. */
export function summaryOf({ network, seeds, corrupted }: NetworkReliability) {
  const accuracies = seeds.map(({ fit }) => fit.accuracy);
  const after = seeds.flatMap(({ fitAfter }) => (fitAfter === null ? [] : [fitAfter.error]));
  return {
    network,
    accuracy: mean(accuracies),
    spread: Math.max(...accuracies) - Math.min(...accuracies),
    disagreement: seeds.length < 2 ? null : disagreement(seeds.map(({ answers }) => answers)),
    error: mean(seeds.map(({ fit }) => fit.error)),
    errorAfter: after.length === 0 ? null : mean(after),
    confidence: mean(seeds.map(({ fit }) => fit.confidence)),
    /** Whether the error of every seed is above what 95 % of networks with right confidence have. */
    isOff: seeds.every(({ fit }) => fit.error > fit.chance.high),
    chance: mean(seeds.map(({ fit }) => fit.chance.mean)),
    chanceHigh: Math.max(...seeds.map(({ fit }) => fit.chance.high)),
    clean: corrupted.clean,
    corrupted: mean(corrupted.top1),
    /** That were spoilt. */
    images: corrupted.images.length,
  };
}

/** Differences of accuracy on corrupted images, image by image: the last network less each other one, `p` corrected (Holm 1979). */
function corruptionDifferences({ networks }: ReliabilityResult): (PairedTTest & {
  readonly first: string;
  readonly second: string;
})[] {
  const last = networks.at(-1) as NetworkReliability;
  const found = networks.slice(0, -1).map(({ network, corrupted }) => ({
    first: last.network,
    second: network,
    ...pairedTTest(last.corrupted.images.map((own, i) => own - (corrupted.images[i] as number))),
  }));
  const corrected = holm(found.map(({ p }) => p));
  return found.map((one, i) => ({ ...one, p: corrected[i] as number }));
}

function calibrationFinding({ networks }: ReliabilityResult): LaboratoryFinding {
  const all = networks.map(summaryOf);
  const off = all.filter(({ isOff }) => isOff).map(({ network }) => network);
  const texts = all.map(({ network, error, chance, chanceHigh, errorAfter, accuracy, confidence }) => ({
    en: `${network} ${percent(error)} (chance alone ${percent(chance)}, 95 % below ${percent(chanceHigh)}; after a temperature ${errorAfter === null ? 'none fits' : percent(errorAfter)}; ${confidence > accuracy ? 'too sure' : 'not sure enough'}: confidence ${percent(confidence)}, accuracy ${percent(accuracy)})`,
    zh: `${network} ${percent(error)}（若完全校准，平均 ${percent(chance)}，95 % 的情况低于 ${percent(chanceHigh)}；拟合温度后 ${errorAfter === null ? '无合适温度' : percent(errorAfter)}；${confidence > accuracy ? '过于自信' : '自信不足'}：置信度 ${percent(confidence)}，准确率 ${percent(accuracy)}）`,
  }));
  const verdict =
    off.length === 0
      ? {
          en: 'No network is further off in all its seeds than chance explains',
          zh: '没有网络在所有种子上都超出偶然所能解释的范围',
        }
      : {
          en: `Further off than chance explains, in all seeds: ${off.join(', ')}`,
          zh: `在所有种子上都超出偶然范围的：${off.join('、')}`,
        };
  return {
    about: { en: 'confidence', zh: '置信度' },
    says: {
      en: `Expected calibration error: ${texts.map(({ en }) => en).join('; ')}. ${verdict.en}. Guo et al. (2017, Table 1) found 16.5 % for ResNet-110 and 10.4 % for DenseNet-40, fully trained on CIFAR-100.`,
      zh: `期望校准误差：${texts.map(({ zh }) => zh).join('；')}。${verdict.zh}。Guo 等人（2017，表 1）在 CIFAR-100 上充分训练后测得 ResNet-110 为 16.5 %，DenseNet-40 为 10.4 %。`,
    },
  };
}

function corruptionFindings(result: ReliabilityResult): LaboratoryFinding[] {
  const all = result.networks.map(summaryOf);
  const lost = all.map(({ network, clean, corrupted }) => `${network} ${percent(clean)} → ${percent(corrupted)}`);
  const differences = corruptionDifferences(result).map(({ first, second, mean: difference, low, high, p }) => {
    const ends = { value: difference, low, high };
    const [numbers, numbersZh] = [differenceText(ends, 'en'), differenceText(ends, 'zh')];
    if (p >= 0.05)
      return {
        en: `${first} cannot be told from ${second}: ${numbers}`,
        zh: `${first} 与 ${second} 无法区分：${numbersZh}`,
      };
    return difference > 0
      ? { en: `${first} keeps more than ${second}: ${numbers}`, zh: `${first} 高于 ${second}：${numbersZh}` }
      : { en: `${first} keeps less than ${second}: ${numbers}`, zh: `${first} 低于 ${second}：${numbersZh}` };
  });
  return [
    {
      about: { en: 'spoilt images', zh: '受损图像' },
      says: {
        en: `Accuracy on clean images → mean over ${result.corruptions.length} corruptions at severity 3: ${lost.join('; ')}. On the same spoilt images: ${differences.map(({ en }) => en).join('; ')}.`,
        zh: `干净图像上的准确率 → ${result.corruptions.length} 种损坏（强度为 3）下的平均值：${lost.join('；')}。同样的受损图像上的差别：${differences.map(({ zh }) => zh).join('；')}。`,
      },
    },
  ];
}

function seedFinding({ networks }: ReliabilityResult): LaboratoryFinding {
  const all = networks.map(summaryOf);
  const count = networks[0]?.seeds.length ?? 0;
  const text = (en: boolean) =>
    all
      .map(({ network, spread, disagreement: share }) => {
        const differing = share === null ? (en ? 'one seed only' : '只有一个种子') : percent(share);
        return en
          ? `${network}: accuracies ${percent(spread)} apart, ${differing} of answers differ`
          : `${network}：准确率相差 ${percent(spread)}，${differing} 的答案不同`;
      })
      .join(en ? '; ' : '；');
  return {
    about: { en: 'another seed', zh: '换一个种子' },
    says: {
      en: `Trained with ${count} seeds: ${text(true)}. The article says that reliability depends on structure, training and use, and gives no number.`,
      zh: `用 ${count} 个种子训练：${text(false)}。文章说可靠性取决于结构、训练过程和应用场景，没有给出数字。`,
    },
  };
}

function calibrationTable({ networks }: ReliabilityResult): Figure {
  return {
    kind: 'table',
    id: 'calibration',
    title: { en: 'Confidence and accuracy', zh: '置信度与准确率' },
    note: {
      en: 'Chance: the error of a network whose confidence is right, on as many images: its mean, and what 95 % of draws stay below.',
      zh: '偶然：假设置信度完全正确，在同样多的图像上仍会测得的误差；列出其平均值，以及 95 % 的情况不超过的值。',
    },
    columns: [
      { label: { en: 'network', zh: '网络' } },
      { label: { en: 'seed', zh: '种子' }, format: 'count' },
      { label: { en: 'accuracy', zh: '准确率' }, format: 'percent' },
      { label: { en: 'confidence', zh: '置信度' }, format: 'percent' },
      { label: { en: 'calibration error', zh: '校准误差' }, format: 'percent' },
      { label: { en: 'chance', zh: '偶然' }, format: 'percent' },
      { label: { en: 'chance, 95 %', zh: '偶然，95 %' }, format: 'percent' },
      { label: { en: 'temperature', zh: '温度' } },
      { label: { en: 'error after it', zh: '拟合温度后的误差' }, format: 'percent' },
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
      { label: { en: 'answers that differ', zh: '答案不同的比例' }, format: 'percent' },
    ],
    rows: networks.map((one) => {
      const { network, accuracy, spread, disagreement: share } = summaryOf(one);
      return [network, accuracy, spread, share];
    }),
  };
}
