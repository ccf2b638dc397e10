/** What the lesions of networks say. */

import { median } from '../../metrics/index.ts';
import { type LaboratoryFinding, percent, type Words } from '../../report/index.ts';
import { mean } from '../arithmetic/averages.ts';
import { differenceOf, shareOf, signOf } from '../arithmetic/estimate.ts';
import { hasLearnt } from '../arithmetic/learnt.ts';
import { differenceText } from '../number-words.ts';
import type { LesionRecord } from './lesion-result.ts';

const paper: Words = {
  en: 'Veit et al. (Figure 3, CIFAR-10) saw a residual network of 110 layers hardly change without a block, except where it halves the map, and a VGG fall to chance without any one of its layers.',
  zh: 'Veit 等人（图 3，CIFAR-10）发现：110 层残差网络去掉一个块几乎不变（缩小特征图处除外），而 VGG 去掉任何一层都降到随机水平。',
};

/** How much worse a network answers without one of its blocks. */
export interface OneBlock {
  readonly median: number;
  readonly highest: number;
  readonly worst: string;
  /** Blocks without which at least 90 % of what the network knew beyond chance is lost. */
  readonly atChance: number;
  readonly taken: number;
}

/** Undefined where the whole network is itself so near to chance that little can be lost. */
export function oneBlock({ without, error, classes }: LesionRecord): OneBlock | undefined {
  const chance = 1 - 1 / classes;
  if (!hasLearnt(error, classes)) return undefined;
  const taken = without.flatMap(({ block, error: found }) => (found === null ? [] : [{ block, found }]));
  const errors = taken.map(({ found }) => found);
  const highest = Math.max(...errors);
  return {
    median: median(errors),
    highest,
    worst: taken.find(({ found }) => found === highest)?.block ?? '',
    atChance: errors.filter((found) => chance - found <= 0.1 * (chance - error)).length,
    taken: taken.length,
  };
}

export function lesionFindings(networks: readonly LesionRecord[]): LaboratoryFinding[] {
  return [
    ...networks.map(singleFinding),
    ...against(networks),
    ...networks.flatMap(severalFinding),
    ...networks.flatMap(orderFinding),
  ];
}

function singleFinding(record: LesionRecord): LaboratoryFinding {
  const { network, error, images, without } = record;
  const one = oneBlock(record);
  const about = { en: `${network}: one block`, zh: `${network}：一个块` };
  if (!one)
    return {
      about,
      says: {
        en: `It cannot be told: the whole network errs on ${percent(error)} of ${images} test images, which is close to guessing, so that a lesion has little to take.`,
        zh: `无法判断：完整网络在 ${images} 张测试图像上的误差为 ${percent(error)}，接近随机猜测，去掉块后也没有多少变差的余地。`,
      },
    };
  const { median: middle, highest, worst, atChance, taken } = one;
  const left = without.length - taken;
  const rest: Words =
    left === 0
      ? { en: '', zh: '' }
      : {
          en: ` ${left} more change the shape and cannot be taken out.`,
          zh: `另有 ${left} 个改变形状，无法去掉。`,
        };
  return {
    about,
    says: {
      en: `Whole, it errs on ${percent(error)} of ${images} test images. Without one of ${taken} blocks the median is ${percent(middle)}; the worst is ${worst} with ${percent(highest)}. Without ${atChance} of the ${taken}, it is at chance or close to it.${rest.en}`,
      zh: `完整网络在 ${images} 张测试图像上的误差为 ${percent(error)}。${taken} 个块每次去掉一个，误差中位数为 ${percent(middle)}；误差最高的是去掉 ${worst} 时，为 ${percent(highest)}。其中 ${atChance} 个块去掉后接近或等于随机水平。${rest.zh}`,
    },
  };
}

/** A residual network beside a plain one. */
function against(networks: readonly LesionRecord[]): LaboratoryFinding[] {
  const residual = networks.find(({ kind }) => kind === 'residual');
  const plain = networks.find(({ kind }) => kind === 'plain');
  if (!residual || !plain) return [{ about: { en: 'the paper', zh: '论文' }, says: paper }];
  const about = { en: 'residual against plain', zh: '残差与普通' };
  const [ofResidual, ofPlain] = [oneBlock(residual), oneBlock(plain)];
  if (!ofResidual || !ofPlain) {
    const poor = ofPlain ? residual : plain;
    return [
      {
        about,
        says: {
          en: `It cannot be told: ${poor.network} has learnt too little (${percent(poor.error)} error) to lose anything. ${paper.en}`,
          zh: `无法判断：${poor.network} 学到的太少（误差 ${percent(poor.error)}），没有变差的余地。${paper.zh}`,
        },
      },
    ];
  }
  // each loss is itself a difference of two shares of the same images; as if of others, the interval is rather too wide
  const share = (error: number, { images }: LesionRecord) => shareOf(Math.round(error * images), images);
  const loss = (median: number, record: LesionRecord) =>
    differenceOf(share(median, record), share(record.error, record));
  const more = differenceOf(loss(ofPlain.median, plain), loss(ofResidual.median, residual));
  const [lossR, lossP] = [ofResidual.median - residual.error, ofPlain.median - plain.error];
  const numbers = {
    en: `the median block costs ${residual.network} ${points(lossR)} and ${plain.network} ${points(lossP)} percentage points, a difference of ${differenceText(more, 'en')}`,
    zh: `去掉一个块，误差增加的中位数在 ${residual.network} 中为 ${points(lossR)} 个百分点，在 ${plain.network} 中为 ${points(lossP)} 个百分点，两者之差为 ${differenceText(more, 'zh')}`,
  };
  const verdict =
    signOf(more) === 'above'
      ? { en: `As in the paper, ${numbers.en}.`, zh: `与论文一致，${numbers.zh}。` }
      : signOf(more) === 'below'
        ? { en: `Unlike the paper, ${numbers.en}.`, zh: `与论文不同，${numbers.zh}。` }
        : { en: `It cannot be told: ${numbers.en}.`, zh: `无法判断：${numbers.zh}。` };
  return [{ about, says: { en: `${verdict.en} ${paper.en}`, zh: `${verdict.zh}${paper.zh}` } }];
}

const points = (share: number) => (100 * share).toFixed(1);

function severalFinding({ network, kind, error, several }: LesionRecord): LaboratoryFinding[] {
  if (several.length === 0) return [];
  const en = several.map(({ count, errors }) => `${percent(mean(errors))} without ${count}`).join(', ');
  const zh = several.map(({ count, errors }) => `去掉 ${count} 个为 ${percent(mean(errors))}`).join('，');
  const beside =
    kind === 'residual'
      ? {
          en: ' In the paper (Figure 5a) the error of a residual network grows smoothly with the number that is missing.',
          zh: '论文（图 5a）中，残差网络的误差随缺少的块数平稳上升。',
        }
      : { en: '', zh: '' };
  return [
    {
      about: { en: `${network}: several blocks`, zh: `${network}：多个块` },
      says: {
        en: `From ${percent(error)}, the mean error becomes ${en} (${several[0]?.errors.length} draws each).${beside.en}`,
        zh: `平均误差从 ${percent(error)} 变为：${zh}（各抽取 ${several[0]?.errors.length} 次）。${beside.zh}`,
      },
    },
  ];
}

function orderFinding({ network, kind, error, swaps }: LesionRecord): LaboratoryFinding[] {
  const [furthest] = [...swaps].sort((a, b) => a.tau - b.tau);
  const [nearest] = [...swaps].sort((a, b) => b.tau - a.tau);
  if (!furthest || !nearest) return [];
  const beside =
    kind === 'residual'
      ? {
          en: ' In the paper (Figure 5b) the error of a residual network grows smoothly as the order departs.',
          zh: '论文（图 5b）中，残差网络的误差随顺序的偏离平稳上升。',
        }
      : { en: '', zh: '' };
  return [
    {
      about: { en: `${network}: order`, zh: `${network}：顺序` },
      says: {
        en: `From ${percent(error)}, the error becomes ${percent(nearest.error)} at a Kendall’s tau of ${nearest.tau.toFixed(2)} (${nearest.swaps} swaps) and ${percent(furthest.error)} at ${furthest.tau.toFixed(2)} (${furthest.swaps}).${beside.en}`,
        zh: `误差从 ${percent(error)} 变为：肯德尔 τ 为 ${nearest.tau.toFixed(2)} 时（交换 ${nearest.swaps} 次）${percent(nearest.error)}，τ 为 ${furthest.tau.toFixed(2)} 时（交换 ${furthest.swaps} 次）${percent(furthest.error)}。${beside.zh}`,
      },
    },
  ];
}
