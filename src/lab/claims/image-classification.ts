/** Claim 5: both do well on image classification. */
import { accuracyOf, betterOf } from '../arithmetic/paired-seeds.ts';
import { accuracyBars } from '../experiments/accuracy-bars.ts';
import { accuracyText, differenceSentence, differencesOf, namesOf } from '../experiments/accuracy-findings.ts';
import type { AccuracyResult } from '../experiments/accuracy-result.ts';
import { besideArticle } from './beside-article.ts';
import { type ClaimNumber, defineClaim } from './claim.ts';
import { denseTable, residualTable } from './paper-tables.ts';
import { sources } from './sources.ts';
import { verdictOf } from './verdict-of.ts';

const published: readonly ClaimNumber[] = [
  {
    name: { en: 'accuracy of resnet20 on CIFAR-10', zh: 'resnet20 在 CIFAR-10 上的准确率' },
    value: 1 - 0.0875,
    format: 'percent',
    source: residualTable,
  },
  {
    name: { en: 'accuracy of densenet-bc100-k12 on CIFAR-10', zh: 'densenet-bc100-k12 在 CIFAR-10 上的准确率' },
    value: 1 - 0.0451,
    format: 'percent',
    source: denseTable,
  },
];

export const imageClassification = defineClaim<readonly [AccuracyResult]>({
  id: 'image-classification',
  number: 5,
  question: {
    en: 'Do residual and dense networks both do well on image classification?',
    zh: '残差网络和稠密网络在图像分类上都表现良好吗？',
  },
  article: {
    en: 'ResNet and DenseNet both do well on image classification; on some tasks DenseNet even surpasses ResNet.',
    zh: 'ResNet和DenseNet在图像分类任务中的表现都很好。……DenseNet在许多图像分类任务中表现出色,并且在某些任务中甚至超过ResNet的表现。',
  },
  sources: [sources.accuracy],
  answer([result]) {
    const both = namesOf(result).filter(({ role }) => role === 'residual' || role === 'dense');
    const differences = differencesOf(result);
    const linear = differences.filter(({ roles: [, b] }) => b === 'linear');
    const each = differences.find(({ roles: [a, b] }) => a === 'dense' && b === 'residual');
    const text = (language: 'en' | 'zh') => {
      const join = language === 'zh' ? '' : ' ';
      return [
        language === 'zh' ? '测试图像上的准确率：' : '',
        both
          .map(({ network }) => `${network} ${accuracyText(result, network, language)}`)
          .join(language === 'zh' ? '，' : ', '),
        language === 'zh' ? '。' : ' on the test images.',
        join,
        [...linear, ...(each ? [each] : [])].map((one) => differenceSentence(one, language)).join(join),
      ].join('');
    };
    const verdict = verdictOf(linear.map(betterOf));
    return {
      verdict,
      answer: {
        en: `${text('en')} A linear classifier on the pixels is the yardstick for “well”, after the same few epochs for all. ${besideArticle[verdict].en}`,
        zh: `${text('zh')}“表现良好”以直接用像素的线性分类器为基准，各网络都只训练同样的少数几轮。${besideArticle[verdict].zh}`,
      },
      figure: accuracyBars(result),
      numbers: [
        ...both.map(({ network, label }) => ({
          name: label,
          value: accuracyOf(result.runs.filter((run) => run.network === network)).value,
          format: 'percent' as const,
        })),
        ...linear.map(({ a, b, accuracy: { value } }) => ({
          name: { en: `${a} less ${b}, points`, zh: `${a} 与 ${b} 之差，百分点` },
          value: 100 * value,
        })),
        ...published,
      ],
    };
  },
});
