/** What scores of maps come to, as sentences and figures. */
import { holm, type PairedTTest, tInterval } from '../../metrics/index.ts';
import type { Bar, Figure, LaboratoryFinding } from '../../report/index.ts';
import { mean } from '../arithmetic/averages.ts';
import {
  gainDifference,
  gainsOf,
  type MapScore,
  type MapsVerdict,
  type Measure,
  mapsVerdict,
  measures,
  relativeTo,
} from '../arithmetic/map-scores.ts';
import type { Shown } from '../experiment.ts';
import type { InterpretabilityResult } from './interpretability-result.ts';

export function showInterpretability(result: InterpretabilityResult): Shown {
  const dense = result.networks.at(-1)?.network ?? '';
  const others = result.networks.slice(0, -1).map(({ network }) => network);
  return {
    findings: [randomFinding(result), ...others.map((other) => differenceFinding(result, dense, other))],
    figures: [gainFigure(result), scoreTable(result), differenceTable(result, dense, others)],
  };
}

const measureNames: Readonly<Record<Measure, { en: string; zh: string }>> = {
  insertion: { en: 'insertion', zh: '插入' },
  deletion: { en: 'deletion', zh: '删除' },
};

const scoresOf = ({ networks }: InterpretabilityResult, name: string, method: number): MapScore[] =>
  networks
    .find(({ network }) => network === name)
    ?.images.map(({ maps, probability }) => relativeTo(probability, maps[method] as MapScore)) ?? [];

/** A difference of two networks' gains in one method and measure. */
export interface MapDifference extends PairedTTest {
  readonly method: string;
  readonly measure: Measure;
}

/** Gains of the first less those of the second; `p` is corrected for their number (Holm 1979). */
export function mapDifferences(result: InterpretabilityResult, first: string, second: string): MapDifference[] {
  const found = result.methods.flatMap((method, i) =>
    measures.map((measure) => ({
      method,
      measure,
      ...gainDifference(scoresOf(result, first, i), scoresOf(result, second, i), measure),
    })),
  );
  const corrected = holm(found.map(({ p }) => p));
  return found.map((one, i) => ({ ...one, p: corrected[i] as number }));
}

const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

/** A method's title, which results record in English. */
export const methodName = (title: string): { en: string; zh: string } => ({
  en: title,
  zh: title === 'Integrated gradients' ? '积分梯度' : title,
});

/** A difference with its interval. */
export const differenceText = ({ method, measure, mean, low, high }: MapDifference) => ({
  en: `${method}, ${measureNames[measure].en} ${signed(mean)} (${signed(low)} to ${signed(high)})`,
  zh: `${methodName(method).zh}，${measureNames[measure].zh} ${signed(mean)}（${signed(low)} 至 ${signed(high)}）`,
});

function randomFinding(result: InterpretabilityResult): LaboratoryFinding {
  const all = result.networks.flatMap(({ network }) =>
    result.methods.flatMap((_, i) =>
      measures.map((measure) => tInterval(gainsOf(scoresOf(result, network, i), measure))),
    ),
  );
  const [above, below] = [all.filter(({ low }) => low > 0).length, all.filter(({ high }) => high < 0).length];
  const rest = all.length - above - below;
  return {
    about: { en: 'against random maps', zh: '与随机图相比' },
    says: {
      en: `Of ${all.length} combinations of network, method and score, ${above} are better than random maps (95 % interval of the mean gain above 0), ${below} worse, and ${rest} cannot be told from them.`,
      zh: `在网络、方法与得分的 ${all.length} 种组合中，${above} 种优于随机图（平均增益的 95 % 置信区间在 0 以上），${below} 种更差，${rest} 种无法区分。`,
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
      en: `${says.en}. Gain over random maps, difference on the same ${images} images with its 95 % interval: ${texts.map(({ en }) => en).join('; ')}. The article says that dense networks are less interpretable and measures nothing.`,
      zh: `${says.zh}。相对随机图的增益之差（同样的 ${images} 张图像，95 % 置信区间）：${texts.map(({ zh }) => zh).join('；')}。文章说稠密网络的可解释性较低，但没有给出测量。`,
    },
  };
}

function gainFigure(result: InterpretabilityResult): Figure {
  const bars = result.methods.flatMap((method, i) =>
    measures.flatMap((measure) =>
      result.networks.map(({ network }): Bar => {
        const { mean, low, high } = tInterval(gainsOf(scoresOf(result, network, i), measure));
        const { en, zh } = measureNames[measure];
        return {
          name: { en: `${method}, ${en}`, zh: `${methodName(method).zh}，${zh}` },
          value: mean,
          low,
          high,
          group: network,
        };
      }),
    ),
  );
  return {
    kind: 'bars',
    id: 'gains',
    title: { en: 'Gain over random maps', zh: '相对随机图的增益' },
    note: {
      en: 'Mean over images with its 95 % interval. Above 0 the map marks what the network uses better than chance does.',
      zh: '各图像的平均值及 95 % 置信区间。大于 0 表示显著图比随机图更能标出网络用到的部分。',
    },
    x: { label: { en: 'gain in area, as a share of the answer’s probability', zh: '面积增益（相对答案的概率）' } },
    bars,
  };
}

function scoreTable(result: InterpretabilityResult): Figure {
  return {
    kind: 'table',
    id: 'scores',
    title: { en: 'Scores', zh: '得分' },
    note: {
      en: 'Insertion: more is better. Deletion: less is better. Areas are divided by the probability of the answer on the whole image, because a surer network has larger ones.',
      zh: '插入得分越大越好，删除得分越小越好。面积已除以整幅图像上答案的概率，因为更自信的网络面积更大。',
    },
    columns: [
      { label: { en: 'network', zh: '网络' } },
      { label: { en: 'method', zh: '方法' } },
      { label: { en: 'insertion', zh: '插入' } },
      { label: { en: 'random', zh: '随机' } },
      { label: { en: 'deletion', zh: '删除' } },
      { label: { en: 'random', zh: '随机' } },
      { label: { en: 'confidence', zh: '置信度' }, format: 'percent' },
      { label: { en: 'test accuracy', zh: '测试准确率' }, format: 'percent' },
    ],
    rows: result.networks.flatMap(({ network, top1, images }) =>
      result.methods.map((method, i) => {
        const scores = scoresOf(result, network, i);
        return [
          network,
          methodName(method),
          mean(scores.map(({ insertion }) => insertion)),
          mean(scores.map(({ random }) => random.insertion)),
          mean(scores.map(({ deletion }) => deletion)),
          mean(scores.map(({ random }) => random.deletion)),
          mean(images.map(({ probability }) => probability)),
          top1,
        ];
      }),
    ),
  };
}

function differenceTable(result: InterpretabilityResult, dense: string, others: readonly string[]): Figure {
  return {
    kind: 'table',
    id: 'differences',
    title: { en: 'Differences of gains, image by image', zh: '逐张图像的增益之差' },
    note: {
      en: 'p is that of a paired t test, corrected for the four tests of each pair of networks (Holm 1979).',
      zh: 'p 为配对 t 检验的值，已对每对网络的四个检验作多重比较校正（Holm 1979）。',
    },
    columns: [
      { label: { en: 'networks', zh: '网络' } },
      { label: { en: 'method', zh: '方法' } },
      { label: { en: 'score', zh: '得分' } },
      { label: { en: 'difference', zh: '差' } },
      { label: { en: 'low', zh: '下限' } },
      { label: { en: 'high', zh: '上限' } },
      { label: { en: 'p', zh: 'p' } },
    ],
    rows: others.flatMap((other) =>
      mapDifferences(result, dense, other).map(({ method, measure, mean: difference, low, high, p }) => [
        `${dense} − ${other}`,
        methodName(method),
        measureNames[measure],
        difference,
        low,
        high,
        p,
      ]),
    ),
  };
}
