/** Claim 9: dense networks scale less well. */
import { numberText } from '../../report/index.ts';
import { signOf } from '../arithmetic/estimate.ts';
import { hardlyLearnt, hasLearnt } from '../arithmetic/learnt.ts';
import { memoryByCost } from '../experiments/cost-figures.ts';
import { growthsOf, rateOf } from '../experiments/scaling-findings.ts';
import type { ScalingResult } from '../experiments/scaling-result.ts';
import { differenceText, percentText } from '../number-words.ts';
import { besideArticle } from './beside-article.ts';
import { type ClaimNumber, defineClaim, type Verdict } from './claim.ts';
import { denseTable } from './paper-tables.ts';
import { sources } from './sources.ts';

/** Exponents that are closer than this count as equal. */
const equal = 0.05;

export const scalingClaim = defineClaim<readonly [ScalingResult]>({
  id: 'scaling',
  number: 9,
  question: { en: 'Do dense networks scale less well?', zh: '稠密网络的可扩展性更差吗？' },
  article: {
    en: 'Usually DenseNet scales less well, because its dense connections make the model more complex.',
    zh: '通常情况下,DenseNet的模型可扩展性较低,因为它的稠密连接会增加模型的复杂性。',
  },
  sources: [sources.scaling],
  answer([result]) {
    const [depth, width] = [growthsOf(result, 'depth'), growthsOf(result, 'width')];
    if (!depth)
      return {
        verdict: 'open',
        answer: { en: 'No two depths of both kinds were measured.', zh: '缺少两类网络各两种深度的测量结果。' },
        numbers: [],
      };
    const { residual, dense } = depth;
    const costsMore = dense.memoryExponent > residual.memoryExponent + equal;
    const gains = [depth, ...(width ? [width] : [])].map(({ gain }) => signOf(gain));
    const slower = rateOf(result, 'residual') / rateOf(result, 'dense');
    const [reachedResidual, reachedDense] = [residual, dense].map(({ largest }) => percentText(largest.test.top1));
    const ends = [depth, ...(width ? [width] : [])].flatMap((one) =>
      [one.residual, one.dense].flatMap(({ smallest, largest }) => [smallest, largest]),
    );
    const guessing = ends.filter(({ test }) => !hasLearnt(1 - test.top1, result.classes)).map(({ network }) => network);
    const unlearnt = hardlyLearnt([...new Set(guessing)]);
    const [before, beforeZh] = unlearnt ? [`${unlearnt.en}. `, `${unlearnt.zh}。`] : ['', ''];
    const power = (value: number) => numberText(Math.round(value * 100) / 100);
    // what a network that guesses gains or not is not of its connections
    const verdict = unlearnt ? 'open' : verdictOf(costsMore, gains);
    return {
      verdict,
      answer: {
        en: `${before}What is gained: deeper dense networks gain ${differenceText(depth.gain, 'en')} of accuracy beside deeper residual ones${width ? `, wider ones ${differenceText(width.gain, 'en')}` : ''}; ${gains.every((one) => one === 'open') ? (width ? 'neither can be told from chance' : 'it cannot be told from chance') : 'an interval without 0 is beyond the chance of these test images, with one seed'}. The deepest dense network is right on ${reachedDense}, the deepest residual one on ${reachedResidual}. What it costs: with depth L the memory of dense networks grows as L^${power(dense.memoryExponent)} (as L^${power(dense.recomputedExponent)} where it is saved by computing again), that of residual ones as L^${power(residual.memoryExponent)}, and a multiply-add takes dense networks ${numberText(slower)} times as long. In Huang et al. 2017 the error of dense networks goes on falling to 250 layers. ${besideArticle[verdict].en}`,
        zh: `${beforeZh}收益：加深带来的准确率提高，稠密网络与残差网络之差为 ${differenceText(depth.gain, 'zh')}${width ? `，加宽时为 ${differenceText(width.gain, 'zh')}` : ''}；${gains.every((one) => one === 'open') ? (width ? '均无法与偶然区分' : '无法与偶然区分') : '区间不含 0 的差别超出测试图像的偶然波动，但只有一个种子'}。最深的稠密网络准确率为 ${reachedDense}，最深的残差网络为 ${reachedResidual}。代价：稠密网络的内存随深度 L 按 L^${power(dense.memoryExponent)} 增长（用重计算节省内存时为 L^${power(dense.recomputedExponent)}），残差网络为 L^${power(residual.memoryExponent)}；稠密网络每次乘加的用时是残差网络的 ${numberText(slower)} 倍。Huang 等人 2017 的结果中，稠密网络加深到 250 层，误差仍在下降。${besideArticle[verdict].zh}`,
      },
      figure: memoryByCost(result),
      numbers: [
        ...exponents('residual', residual.memoryExponent),
        ...exponents('dense', dense.memoryExponent),
        {
          name: { en: 'memory exponent with depth, dense, recomputed', zh: '内存随深度的指数，稠密，重计算' },
          value: dense.recomputedExponent,
        },
        {
          name: { en: 'time of a multiply-add, dense / residual', zh: '每次乘加用时，稠密 / 残差' },
          value: slower,
        },
        {
          name: { en: 'extra gain of depth, dense, points', zh: '加深的额外收益，稠密，百分点' },
          value: 100 * depth.gain.value,
        },
        {
          name: { en: 'error of densenet-bc250-k24 on CIFAR-10', zh: 'densenet-bc250-k24 在 CIFAR-10 上的误差' },
          value: 0.0362,
          format: 'percent',
          source: denseTable,
        },
        {
          name: { en: 'error of densenet-bc100-k12 on CIFAR-10', zh: 'densenet-bc100-k12 在 CIFAR-10 上的误差' },
          value: 0.0451,
          format: 'percent',
          source: denseTable,
        },
      ],
    };
  },
});

const exponents = (kind: 'residual' | 'dense', value: number): ClaimNumber[] => [
  {
    name: {
      en: `memory exponent with depth, ${kind}`,
      zh: `内存随深度的指数，${kind === 'dense' ? '稠密' : '残差'}`,
    },
    value,
  },
];

/** @param gains how dense networks gain beside residual ones: above where they gain more */
function verdictOf(costsMore: boolean, gains: readonly ('above' | 'below' | 'open')[]): Verdict {
  if (gains.includes('below')) return costsMore ? 'holds' : 'in part';
  if (costsMore) return 'in part';
  return gains.includes('above') ? 'does not hold' : 'open';
}
