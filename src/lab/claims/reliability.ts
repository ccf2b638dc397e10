/** Claim 10: reliable on images such as those of training, less so elsewhere. */
import { numberText, percent, type Words } from '../../report/index.ts';
import { differenceOf, type Estimate, signOf } from '../arithmetic/estimate.ts';
import { errorOf } from '../arithmetic/gap.ts';
import { hardlyLearnt, hasLearnt } from '../arithmetic/learnt.ts';
import { summaryOf } from '../experiments/reliability-numbers.ts';
import type { ReliabilityResult } from '../experiments/reliability-result.ts';
import { defineClaim, type Verdict } from './claim.ts';
import { sources } from './sources.ts';

/** Where surely less than this share of answers is lost under corruption, they count as kept. */
const littleLost = 0.02;

export const reliabilityClaim = defineClaim<readonly [ReliabilityResult]>({
  id: 'reliability',
  number: 10,
  question: { en: 'How reliable are both?', zh: '两者的可靠性如何？' },
  article: {
    en: 'Usually these models do very well on tasks such as image classification; in other settings they may need to be improved.',
    zh: '通常情况下,这些模型在图像分类等任务中表现出色,但在其他应用场景中可能需要进一步优化。',
  },
  sources: [sources.reliability],
  answer([{ networks, corruptions, classes }]) {
    const both = networks.map(summaryOf).filter(({ network }) => !network.startsWith('plain'));
    const text = (en: boolean) =>
      both
        .map(({ network, clean, corrupted, error, chanceHigh, disagreement }) => {
          const differing = disagreement === null ? '' : differingText(percent(disagreement), en);
          return en
            ? `${network}: ${percent(clean)} right on clean images, ${percent(corrupted)} on spoilt ones; calibration error ${percent(error)} (95 % of chance below ${percent(chanceHigh)})${differing}`
            : `${network}：干净图像上的准确率 ${percent(clean)}，受损图像上 ${percent(corrupted)}；校准误差 ${percent(error)}（若完全校准，95 % 的情况低于 ${percent(chanceHigh)}）${differing}`;
        })
        .join(en ? '. ' : '。');
    const losses = both.map(({ clean, corrupted, images }) =>
      differenceOf(errorOf({ top1: corrupted, total: images }), errorOf({ top1: clean, total: images })),
    );
    const unlearnt = hardlyLearnt(
      both.filter(({ clean }) => !hasLearnt(1 - clean, classes)).map(({ network }) => network),
    );
    const verdict = unlearnt ? 'open' : verdictOf(losses);
    const judged = unlearnt ?? judgements[verdict];
    return {
      verdict,
      answer: {
        en: `${text(true)}. ${judged.en} (${corruptions.length} corruptions at severity 3). The article gives no number.`,
        zh: `${text(false)}。${judged.zh}（${corruptions.length} 种损坏，强度为 3）。文章没有给出数字。`,
      },
      numbers: both.flatMap(({ network, clean, corrupted, error, disagreement }) => [
        {
          name: { en: `${network}, clean images`, zh: `${network}，干净图像` },
          value: clean,
          format: 'percent' as const,
        },
        {
          name: { en: `${network}, spoilt images`, zh: `${network}，受损图像` },
          value: corrupted,
          format: 'percent' as const,
        },
        {
          name: { en: `${network}, calibration error`, zh: `${network}，校准误差` },
          value: error,
          format: 'percent' as const,
        },
        // with one seed there is no such number
        ...(disagreement === null
          ? []
          : [
              {
                name: {
                  en: `${network}, answers that differ between seeds`,
                  zh: `${network}，不同种子之间预测不同的比例`,
                },
                value: disagreement,
                format: 'percent' as const,
              },
            ]),
      ]),
    };
  },
});

const differingText = (share: string, en: boolean): string =>
  en ? `; ${share} of answers differ between seeds` : `；不同种子之间有 ${share} 的预测不同`;

const judgements: Readonly<Record<Verdict, Words>> = {
  holds: {
    en: 'Both lose on images that are spoilt, as the article’s caution has it',
    zh: '两者在受损图像上都变差，与文章的提醒一致',
  },
  'in part': {
    en: 'One of them loses on spoilt images; of the other that cannot be told, or it hardly does',
    zh: '其中一个在受损图像上变差，另一个无法判断，或几乎没有变差',
  },
  'does not hold': {
    en: `Neither loses more than ${numberText(100 * littleLost)} points of accuracy on spoilt images`,
    zh: `两者在受损图像上准确率的下降都不超过 ${numberText(100 * littleLost)} 个百分点`,
  },
  open: {
    en: 'From so few images it cannot be told whether they lose on spoilt ones',
    zh: '图像太少，无法判断它们在受损图像上是否变差',
  },
};

/** The claim is the caution: elsewhere they may need to be improved. */
function verdictOf(losses: readonly Estimate[]): Verdict {
  const kept = losses.filter(({ high }) => high < littleLost).length;
  const lost = losses.filter((loss) => signOf(loss) === 'above' && loss.high >= littleLost).length;
  if (lost > 0) return lost === losses.length ? 'holds' : 'in part';
  return kept > 0 && kept === losses.length ? 'does not hold' : 'open';
}
