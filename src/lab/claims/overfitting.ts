/** Claim 11: deeper means more overfitting. */
import { signOf } from '../arithmetic/estimate.ts';
import { gapOf } from '../arithmetic/gap.ts';
import { byDepth, type DepthComparison, type FittedNetwork } from '../arithmetic/overfitting-by-depth.ts';
import { gapByDepth } from '../experiments/gap-by-depth.ts';
import { fitted } from '../experiments/overfitting-findings.ts';
import { conditionNames, type OverfittingResult } from '../experiments/overfitting-result.ts';
import { differenceText, percentText } from '../number-words.ts';
import { besideArticle } from './beside-article.ts';
import { defineClaim, type Verdict } from './claim.ts';
import { residualTable } from './paper-tables.ts';
import { sources } from './sources.ts';

export const overfittingClaim = defineClaim<readonly [OverfittingResult]>({
  id: 'overfitting',
  number: 11,
  question: { en: 'Does more depth mean more overfitting?', zh: '网络越深，过拟合越严重吗？' },
  article: {
    en: 'As models get deeper, overfitting may become more severe.',
    zh: '随着模型的深度增加,过拟合问题可能会变得更加严重。',
  },
  sources: [sources.overfitting],
  answer([result]) {
    const { runs } = result;
    const found = [...new Set(runs.map(({ condition }) => condition))].flatMap((condition) => {
      const one = byDepth(runs.filter((run) => run.condition === condition));
      return one ? [{ condition, ...one }] : [];
    });
    const without = found.find(({ condition }) => condition === 'none');
    const learnt = runs.filter(({ train }) => 1 - train.top1 <= fitted).length;
    const sentences = (language: 'en' | 'zh') =>
      found
        .map(({ condition, shallow, deep, gap, test }) =>
          language === 'zh'
            ? `${conditionNames[condition].zh}：从 ${shallow.network} 到 ${deep.network}，测试误差与训练误差的差距变化 ${differenceText(gap, 'zh')}，测试误差变化 ${differenceText(test, 'zh')}。`
            : `With ${conditionNames[condition].en}, from ${shallow.network} to ${deep.network}, the gap of test and training error moves by ${differenceText(gap, 'en')} and the test error by ${differenceText(test, 'en')}.`,
        )
        .join(language === 'zh' ? '' : ' ');
    const verdict = verdictOf(without);
    return {
      verdict,
      answer: {
        en: `${sentences('en')} ${learnt} of ${runs.length} networks had learnt their images (training error up to ${percentText(fitted)}). In He et al. 2015 the test error on CIFAR-10 falls from 20 to 110 layers (8.75 % to 6.43 %) and rises again only at 1,202 (7.93 %). ${besideArticle[verdict].en}`,
        zh: `${sentences('zh')}${runs.length} 个网络中，学会了训练图像的有 ${learnt} 个（训练误差不超过 ${percentText(fitted)}）。He 等人 2015 的结果中，CIFAR-10 测试误差从 20 层到 110 层下降（8.75 % 到 6.43 %），直到 1,202 层才回升（7.93 %）。${besideArticle[verdict].zh}`,
      },
      figure: gapByDepth(result),
      numbers: [
        ...found.flatMap(({ condition, shallow, deep }) =>
          [shallow, deep].map((run) => ({
            name: {
              en: `gap of ${run.network}, ${conditionNames[condition].en}`,
              zh: `${run.network} 的差距，${conditionNames[condition].zh}`,
            },
            value: gapOf(run).value,
            format: 'percent' as const,
          })),
        ),
        {
          name: { en: 'test error of resnet110 on CIFAR-10', zh: 'resnet110 在 CIFAR-10 上的测试误差' },
          value: 0.0643,
          format: 'percent',
          source: residualTable,
        },
        {
          name: { en: 'test error of resnet1202 on CIFAR-10', zh: 'resnet1202 在 CIFAR-10 上的测试误差' },
          value: 0.0793,
          format: 'percent',
          source: residualTable,
        },
      ],
    };
  },
});

/** A larger gap with a test error that is no higher is a closer fit, not worse generalisation. */
function verdictOf(found: DepthComparison<FittedNetwork> | undefined): Verdict {
  if (!found) return 'open';
  const gap = signOf(found.gap);
  if (gap === 'above') return signOf(found.test) === 'above' ? 'holds' : 'in part';
  // a network that has not learnt its images has a small gap whatever its depth
  return gap === 'below' && 1 - found.deep.train.top1 <= fitted ? 'does not hold' : 'open';
}
