/** Claim 13: both beat a conventional convolutional network. */
import { accuracyOf, betterOf } from '../arithmetic/paired-seeds.ts';
import { accuracyBars } from '../experiments/accuracy-bars.ts';
import { accuracyText, differenceSentence, differencesOf, namesOf } from '../experiments/accuracy-findings.ts';
import type { AccuracyResult } from '../experiments/accuracy-result.ts';
import { besideArticle } from './beside-article.ts';
import { type ClaimNumber, defineClaim } from './claim.ts';
import { sources } from './sources.ts';
import { verdictOf } from './verdict-of.ts';

export const conventional = defineClaim<readonly [AccuracyResult]>({
  id: 'conventional',
  number: 13,
  question: {
    en: 'Do both beat a conventional convolutional network?',
    zh: '两者都优于传统的卷积网络吗？',
  },
  article: {
    en: 'ResNet does extremely well on the ImageNet classification task: better than conventional CNN models.',
    zh: 'ResNet在ImageNet大规模图像分类任务上的表现非常出色,它的表现优于传统的CNN模型。',
  },
  sources: [sources.accuracy],
  answer(results) {
    const [result] = results;
    const names = namesOf(result).filter(({ role }) => role !== 'plain' && role !== 'linear');
    // the plain one is compared as well, but the article claims nothing of it
    const differences = differencesOf(result).filter(({ roles: [a, b] }) => a !== 'plain' && b === 'conventional');
    const network = names.find(({ role }) => role === 'conventional')?.network ?? '';
    const verdict = verdictOf(differences.map(betterOf));
    return {
      verdict,
      answer: {
        en: `${network}, a VGG-11 with the residual network’s multiply-adds, reaches ${accuracyText(result, network, 'en')}. ${differences.map((one) => differenceSentence(one, 'en')).join(' ')} The recipe is the same for all; few epochs favour what learns quickly. ${besideArticle[verdict].en}`,
        zh: `${network} 是乘加次数与残差网络相当的 VGG-11，准确率为 ${accuracyText(result, network, 'zh')}。${differences.map((one) => differenceSentence(one, 'zh')).join('')}训练方案相同；轮数少时，学得快的网络占优。${besideArticle[verdict].zh}`,
      },
      figure: accuracyBars(result),
      numbers: [
        ...names.map(({ network: name, label }) => ({
          name: label,
          value: accuracyOf(result.runs.filter((run) => run.network === name)).value,
          format: 'percent' as const,
        })),
        ...costNumbers(result, names),
        {
          name: {
            en: 'top-1 accuracy of VGG-16 with batch norm on ImageNet',
            zh: '带批归一化的 VGG-16 在 ImageNet 上的 top-1 准确率',
          },
          value: 0.7336,
          format: 'percent',
          source: 'torchvision, vgg16_bn, IMAGENET1K_V1',
        },
        {
          name: { en: 'top-1 accuracy of ResNet-50 on ImageNet', zh: 'ResNet-50 在 ImageNet 上的 top-1 准确率' },
          value: 0.7613,
          format: 'percent',
          source: 'torchvision, resnet50, IMAGENET1K_V1',
        },
        {
          name: { en: 'top-1 accuracy of DenseNet-121 on ImageNet', zh: 'DenseNet-121 在 ImageNet 上的 top-1 准确率' },
          value: 0.74434,
          format: 'percent',
          source: 'torchvision, densenet121, IMAGENET1K_V1',
        },
      ],
    };
  },
});

/** What each of these networks costs. */
const costNumbers = (result: AccuracyResult, names: ReturnType<typeof namesOf>): ClaimNumber[] =>
  names.flatMap(({ network }) => {
    const run = result.runs.find((one) => one.network === network);
    if (!run) return [];
    return [
      {
        name: { en: `multiply-adds of ${network}`, zh: `${network} 的乘加次数` },
        value: run.macs,
        format: 'multiplyAdds',
      },
      { name: { en: `parameters of ${network}`, zh: `${network} 的参数量` }, value: run.params, format: 'count' },
    ];
  });
