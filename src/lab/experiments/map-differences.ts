/** How the maps of two networks differ, image by image. */
import { holm, type PairedTTest } from '../../metrics/index.ts';
import { gainDifference, type MapScore, type Measure, measures, relativeTo } from '../arithmetic/map-scores.ts';
import type { InterpretabilityResult } from './interpretability-result.ts';

export const measureNames: Readonly<Record<Measure, { en: string; zh: string }>> = {
  insertion: { en: 'insertion', zh: '插入' },
  deletion: { en: 'deletion', zh: '删除' },
};

/** Scores of a network's maps by a method, image by image, as shares of the answer's probability. */
export const scoresOf = ({ networks }: InterpretabilityResult, name: string, method: number): MapScore[] =>
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

/** The dense network, which is the last, and those that it is compared with. */
export function densePairs({ networks }: InterpretabilityResult): readonly [dense: string, others: readonly string[]] {
  return [networks.at(-1)?.network ?? '', networks.slice(0, -1).map(({ network }) => network)];
}
