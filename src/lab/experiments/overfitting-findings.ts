/** What the numbers of `overfitting` show, in sentences. */
import type { Words } from '../../report/index.ts';
import { differenceOf, type Estimate, signOf } from '../arithmetic/estimate.ts';
import { errorOf, gapOf } from '../arithmetic/gap.ts';
import { byDepth } from '../arithmetic/overfitting-by-depth.ts';
import type { Shown } from '../experiment.ts';
import { differenceText, percentText } from '../number-words.ts';
import { conditionNames, type OverfittingResult, type OverfittingSettings } from './overfitting-result.ts';

/** Above it a network has not learnt its images, and its gap says little. */
export const fitted = 0.05;

export function overfittingFindings({ runs }: OverfittingResult, settings: OverfittingSettings): Shown['findings'] {
  const errors = runs.map(({ train }) => 1 - train.top1);
  const unfitted = runs.filter(({ train }) => 1 - train.top1 > fitted);
  const fit: Shown['findings'][number] = {
    about: { en: 'Fitting', zh: '拟合' },
    says: {
      en: `On their own ${settings.images} images the networks end with errors from ${percentText(Math.min(...errors))} to ${percentText(Math.max(...errors))}. ${unfitted.length === 0 ? 'All have learnt them by heart.' : `${unfitted.length} of ${runs.length} have not learnt them (above ${percentText(fitted)}), and their gaps are not those of networks that have.`}`,
      zh: `在 ${settings.images} 张训练图像上，各网络最终的误差为 ${percentText(Math.min(...errors))} 至 ${percentText(Math.max(...errors))}。${unfitted.length === 0 ? '所有网络都记住了这些图像。' : `${runs.length} 个中有 ${unfitted.length} 个还没有学会（高于 ${percentText(fitted)}），其差距不代表完全拟合后的差距。`}`,
    },
  };
  const depths = settings.conditions.flatMap(({ name }): Shown['findings'] => {
    const found = byDepth(runs.filter(({ condition }) => condition === name));
    if (!found) return [];
    const { shallow, deep, gap, test } = found;
    return [
      {
        about: conditionNames[name],
        says: {
          en: `The gap is ${percentText(gapOf(shallow).value)} in ${shallow.network} and ${percentText(gapOf(deep).value)} in ${deep.network}: ${differenceText(gap, 'en')}; the test error moves by ${differenceText(test, 'en')}. ${meaning(gap, test, 1 - deep.train.top1 <= fitted).en}`,
          zh: `${shallow.network} 的差距为 ${percentText(gapOf(shallow).value)}，${deep.network} 为 ${percentText(gapOf(deep).value)}：变化 ${differenceText(gap, 'zh')}；测试误差变化 ${differenceText(test, 'zh')}。${meaning(gap, test, 1 - deep.train.top1 <= fitted).zh}`,
        },
      },
    ];
  });
  return [fit, ...depths, ...regularisation(runs, settings), paper];
}

function meaning(gap: Estimate, test: Estimate, isFitted: boolean): Words {
  if (signOf(gap) === 'above' && signOf(test) === 'above')
    return { en: 'Here more depth is more overfitting.', zh: '这里网络越深，过拟合越严重。' };
  if (signOf(gap) === 'above' && signOf(test) === 'below')
    return {
      en: 'The deeper network fits its images more closely, and is better on others too.',
      zh: '更深的网络更贴合训练图像，在其他图像上也更好。',
    };
  if (signOf(gap) === 'above')
    return {
      en: 'The deeper network fits its images more closely; whether it is worse on others cannot be told.',
      zh: '更深的网络更贴合训练图像；它在其他图像上是否更差，无法判断。',
    };
  if (signOf(gap) === 'below')
    return isFitted
      ? { en: 'More depth did not mean more overfitting.', zh: '加深并没有带来更多过拟合。' }
      : {
          en: 'The deeper network’s gap is smaller, but it has not learnt its images: whether depth overfits cannot be told.',
          zh: '更深网络的差距更小，但它还没有学会训练图像：无法判断加深是否导致过拟合。',
        };
  return { en: 'The two gaps cannot be told apart.', zh: '两个差距无法区分。' };
}

/** The gap of each depth with the most regularisation, less that without any. */
function regularisation(runs: OverfittingResult['runs'], { conditions }: OverfittingSettings): Shown['findings'] {
  const [without, with_] = [conditions.find(({ name }) => name === 'none'), conditions.at(-1)];
  if (!without || !with_ || without.name === with_.name) return [];
  const changes = runs
    .filter(({ condition }) => condition === without.name)
    .flatMap((run) => {
      const other = runs.find(({ condition, network }) => condition === with_.name && network === run.network);
      return other
        ? [
            {
              network: run.network,
              change: differenceOf(gapOf(other), gapOf(run)),
              test: signOf(differenceOf(errorOf(other.test), errorOf(run.test))),
            },
          ]
        : [];
    });
  const [lower, higher] = [
    changes.filter(({ test }) => test === 'below'),
    changes.filter(({ test }) => test === 'above'),
  ];
  const smaller = changes.filter(({ change }) => signOf(change) === 'below').length;
  const texts = (language: 'en' | 'zh') =>
    changes
      .map(({ network, change }) => `${network} ${differenceText(change, language)}`)
      .join(language === 'zh' ? '；' : '; ');
  return [
    {
      about: { en: 'Regularisation', zh: '正则化' },
      says: {
        en: `With ${conditionNames[with_.name].en} the gap moves by: ${texts('en')}. It is smaller beyond chance in ${smaller} of ${changes.length}. The test error itself is lower beyond chance in ${lower.length} and higher in ${higher.length}.`,
        zh: `使用${conditionNames[with_.name].zh}后差距的变化：${texts('zh')}。${changes.length} 个网络中有 ${smaller} 个确认变小。测试误差本身确认降低的有 ${lower.length} 个，升高的有 ${higher.length} 个。`,
      },
    },
  ];
}

const paper: Shown['findings'][number] = {
  about: { en: 'In the paper', zh: '论文中' },
  says: {
    en: 'He et al. 2015 on all of CIFAR-10: from 20 to 110 layers the test error falls from 8.75 % to 6.43 %; only 1,202 layers are worse again (7.93 %) at a similar training error, which they put down to overfitting. So depth alone is not overfitting there; too many parameters for the images are.',
    zh: 'He 等人 2015 在完整 CIFAR-10 上：层数从 20 增至 110，测试误差由 8.75 % 降到 6.43 %；只有 1,202 层又变差（7.93 %），而训练误差相近，他们归因于过拟合。可见在那里深度本身并不等于过拟合，参数相对图像过多才是。',
  },
};
