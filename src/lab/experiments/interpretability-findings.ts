/** What scores of maps come to, in sentences. */
import { tInterval } from '../../metrics/index.ts';
import type { LaboratoryFinding } from '../../report/index.ts';
import { gainsOf, type MapsVerdict, mapsVerdict, measures } from '../arithmetic/map-scores.ts';
import type { InterpretabilityResult } from './interpretability-result.ts';
import { densePairs, differenceText, mapDifferences, scoresOf } from './map-differences.ts';

/** The last network beside each other one. */
export function interpretabilityFindings(result: InterpretabilityResult): LaboratoryFinding[] {
  const [dense, others] = densePairs(result);
  return [randomFinding(result), ...others.map((other) => differenceFinding(result, dense, other))];
}

function randomFinding(result: InterpretabilityResult): LaboratoryFinding {
  const all = result.networks.flatMap(({ network }) =>
    result.methods.flatMap((_, i) =>
      measures.map((measure) => tInterval(gainsOf(scoresOf(result, network, i), measure))),
    ),
  );
  const [above, below] = [all.filter(({ low }) => low > 0).length, all.filter(({ high }) => high < 0).length];
  const rest = all.length - above - below;
  return {
    about: { en: 'against random maps', zh: '与随机显著图相比' },
    says: {
      en: `Of ${all.length} combinations of network, method and score, ${above} are better than random maps (95 % interval of the mean gain above 0), ${below} worse, and ${rest} cannot be told from them.`,
      zh: `在网络、方法与得分的 ${all.length} 种组合中，${above} 种优于随机显著图（平均增益的 95 % 置信区间在 0 以上），${below} 种更差，${rest} 种无法区分。`,
    },
  };
}

const verdictWords: Readonly<Record<MapsVerdict, (first: string, second: string) => { en: string; zh: string }>> = {
  less: (first, second) => ({
    en: `By these scores maps of ${first} tell less than those of ${second}`,
    zh: `按这些得分，${first} 的显著图比 ${second} 的更难说明网络用了什么`,
  }),
  more: (first, second) => ({
    en: `By these scores maps of ${first} tell more than those of ${second}, against what the article says`,
    zh: `按这些得分，${first} 的显著图比 ${second} 的更能说明网络用了什么，与文章所说相反`,
  }),
  both: (first, second) => ({
    en: `The scores disagree: maps of ${first} tell more than those of ${second} by one, less by another`,
    zh: `各项得分不一致：${first} 的显著图在一项上优于 ${second}，在另一项上不如`,
  }),
  unclear: (first, second) => ({
    en: `No score tells maps of ${first} from those of ${second}`,
    zh: `没有一项得分能区分 ${first} 与 ${second} 的显著图`,
  }),
};

function differenceFinding(result: InterpretabilityResult, first: string, second: string): LaboratoryFinding {
  const differences = mapDifferences(result, first, second);
  const says = verdictWords[mapsVerdict(differences)](first, second);
  const texts = differences.map(differenceText);
  const images = result.networks[0]?.images.length ?? 0;
  return {
    about: { en: `${first} and ${second}`, zh: `${first} 与 ${second}` },
    says: {
      en: `${says.en}. Gain over random maps, difference on the same ${images} images with its 95 % interval: ${texts.map(({ en }) => en).join('; ')} (each interval is of its test alone; judged by p corrected for ${differences.length} tests). The article says that dense networks are less interpretable and measures nothing.`,
      zh: `${says.zh}。相对随机显著图的增益之差（同样的 ${images} 张图像，95 % 置信区间）：${texts.map(({ zh }) => zh).join('；')}（区间各自只针对一次检验；按 ${differences.length} 次检验校正后的 p 值判断）。文章说稠密网络的可解释性较低，但没有给出测量。`,
    },
  };
}
