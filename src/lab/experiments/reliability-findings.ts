/** What calibration, corruptions and seeds come to, in sentences. */
import { type LaboratoryFinding, percent } from '../../report/index.ts';
import { differenceText } from '../number-words.ts';
import { corruptionDifferences, summaryOf } from './reliability-numbers.ts';
import type { ReliabilityResult } from './reliability-result.ts';

export const reliabilityFindings = (result: ReliabilityResult): LaboratoryFinding[] => [
  calibrationFinding(result),
  ...corruptionFindings(result),
  seedFinding(result),
];

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
      ? { en: `${first} keeps more than ${second}: ${numbers}`, zh: `${first} 的准确率高于 ${second}：${numbersZh}` }
      : { en: `${first} keeps less than ${second}: ${numbers}`, zh: `${first} 的准确率低于 ${second}：${numbersZh}` };
  });
  return [
    {
      about: { en: 'spoilt images', zh: '受损图像' },
      says: {
        en: `Accuracy on clean images → mean over ${result.corruptions.length} corruptions at severity 3: ${lost.join('; ')}. On the same spoilt images: ${differences.map(({ en }) => en).join('; ')} (each interval is of its pair alone; judged by p corrected for ${differences.length} tests).`,
        zh: `干净图像上的准确率 → ${result.corruptions.length} 种损坏（强度为 3）下的平均值：${lost.join('；')}。同样的受损图像上的差别：${differences.map(({ zh }) => zh).join('；')}（区间各自只针对一对网络；按 ${differences.length} 次检验校正后的 p 值判断）。`,
      },
    },
  ];
}

function seedFinding({ networks }: ReliabilityResult): LaboratoryFinding {
  const all = networks.map(summaryOf);
  const count = networks[0]?.seeds.length ?? 0;
  if (count < 2)
    return {
      about: { en: 'another seed', zh: '换一个种子' },
      says: {
        en: 'Trained with one seed: what another one changes was not measured. The article says that reliability depends on structure, training and use, and gives no number.',
        zh: '只用一个种子训练：没有测量换一个种子的影响。文章说可靠性取决于结构、训练过程和应用场景，没有给出数字。',
      },
    };
  const text = (en: boolean) =>
    all
      .map(({ network, spread, disagreement: share }) => {
        const differing = percent(share ?? 0);
        return en
          ? `${network}: accuracies ${(100 * spread).toFixed(1)} points apart, ${differing} of answers differ`
          : `${network}：准确率相差 ${(100 * spread).toFixed(1)} 个百分点，${differing} 的预测不同`;
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
