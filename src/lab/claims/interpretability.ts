/** Claim 8: dense networks are less interpretable. */
import { hardlyLearnt, hasLearnt } from '../arithmetic/learnt.ts';
import { type MapsVerdict, mapsVerdict } from '../arithmetic/map-scores.ts';
import type { InterpretabilityResult } from '../experiments/interpretability-result.ts';
import { differenceText, mapDifferences, methodName } from '../experiments/map-differences.ts';
import { defineClaim, type Verdict } from './claim.ts';
import { sources } from './sources.ts';

/** The residual network stands beside the dense one; the plain one is for the page. */
const [residual, dense] = ['resnet20', 'densenet-bc40-k12'];

const verdicts: Readonly<Record<MapsVerdict, Verdict>> = {
  less: 'holds',
  more: 'does not hold',
  both: 'in part',
  unclear: 'open',
};

const judged: Readonly<Record<MapsVerdict, { en: string; zh: string }>> = {
  less: {
    en: 'By these scores maps of the dense network tell less of what it uses',
    zh: '按这些得分，稠密网络的显著图更难说明网络用了什么',
  },
  more: {
    en: 'By these scores maps of the dense network tell more, against the article',
    zh: '按这些得分，稠密网络的显著图更能说明网络用了什么，与文章相反',
  },
  both: { en: 'The scores disagree', zh: '各项得分不一致' },
  unclear: {
    en: 'No score tells the maps of both apart, so the article’s claim is not borne out here',
    zh: '没有一项得分能区分两者的显著图，因此这里没有证实文章的说法',
  },
};

export const interpretabilityClaim = defineClaim<readonly [InterpretabilityResult]>({
  id: 'interpretability',
  number: 8,
  question: { en: 'Are dense networks less interpretable?', zh: '稠密网络更难解释吗？' },
  article: {
    en: 'Usually DenseNet is less interpretable, because its dense connections make the model more complex.',
    zh: '通常情况下,DenseNet的模型可解释性较低,因为它的稠密连接会增加模型的复杂性。',
  },
  sources: [sources.interpretability],
  answer([result]) {
    const differences = mapDifferences(result, dense as string, residual as string);
    const found = mapsVerdict(differences);
    const unlearnt = hardlyLearnt(
      result.networks
        .filter(({ network, top1 }) => [residual, dense].includes(network) && !hasLearnt(1 - top1, result.classes))
        .map(({ network }) => network),
    );
    const says = unlearnt ?? judged[found];
    const images = result.networks[0]?.images.length ?? 0;
    const texts = differences.map(differenceText);
    return {
      verdict: unlearnt ? 'open' : verdicts[found],
      answer: {
        en: `${says.en}. Gain over random maps, ${dense} less ${residual}, on the same ${images} images: ${texts.map(({ en }) => en).join('; ')} (each interval is of its test alone; judged by p corrected for ${differences.length} tests). Insertion and deletion tell whether marked pixels change an answer; whether people understand the network they do not tell, and the article measures nothing.`,
        zh: `${says.zh}。同样的 ${images} 张图像上，相对随机显著图的增益之差（${dense} 减 ${residual}）：${texts.map(({ zh }) => zh).join('；')}（区间各自只针对一次检验；按 ${differences.length} 次检验校正后的 p 值判断）。插入与删除得分只说明标出的像素是否改变预测结果，不能说明人能否理解网络；文章没有给出测量。`,
      },
      numbers: differences.map(({ method, measure, mean }) => ({
        name: {
          en: `${method}, ${measure}: gain of the dense network less that of the residual one`,
          zh: `${methodName(method).zh}，${measure === 'insertion' ? '插入' : '删除'}：稠密网络与残差网络的增益之差`,
        },
        value: mean,
      })),
    };
  },
});
