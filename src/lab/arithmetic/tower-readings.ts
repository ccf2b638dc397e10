/** What the towers' norms say: how each variant's gradient runs, and whether it vanishes, grows or keeps its size. */
import { numberText } from '../../report/index.ts';
import { courseOf, leastShare } from './gradient-norms.ts';
import type { GradientResult, TowerNorms } from './gradient-result.ts';

/** `unknown`: no number is left of it. */
export type Trend = 'vanishes' | 'grows' | 'level' | 'unknown';

/** What a layer, or a block, may multiply a norm by and still keep it: at a tenth each way, ten of them lose or gain a factor of about 2.6. */
const levelFactors = [0.9, 1.1] as const;

export interface TowerReading {
  readonly depth: number;
  /** First norm by last; null where it is none. */
  readonly ratio: number | null;
  readonly factor: number | null;
  readonly trend: Trend;
}

function readingOf({ depth, norms }: TowerNorms): TowerReading {
  const { ratio, factor } = courseOf(norms);
  // 0 is what float32 has for what is too small for it
  if (norms[0] === 0) return { depth, ratio: 0, factor, trend: 'vanishes' };
  if (factor === null || ratio === null) return { depth, ratio, factor, trend: 'unknown' };
  const [least, most] = levelFactors;
  // over many layers a factor near 1 comes to much as well
  const [vanishes, grows] = [factor < least || ratio < leastShare, factor > most || ratio > 1 / leastShare];
  return { depth, ratio, factor, trend: vanishes ? 'vanishes' : grows ? 'grows' : 'level' };
}

/** Of a variant, from the lowest tower to the highest. */
export const readingsOf = ({ towers }: Pick<GradientResult, 'towers'>, variant: string): TowerReading[] =>
  towers
    .filter((one) => one.variant === variant)
    .map(readingOf)
    .sort((a, b) => a.depth - b.depth);

/** Of the highest tower; undefined where there is none. */
export const deepest = (readings: readonly TowerReading[]): TowerReading | undefined => readings.at(-1);

/** The last factor that could be told: what is 0 has none. */
export const factorOf = (readings: readonly TowerReading[]): number | null =>
  readings.findLast(({ factor }) => factor !== null)?.factor ?? null;

/** 0.843 (20), 2.82 (50): ratios with the depths that they belong to. */
export const ratiosText = (readings: readonly TowerReading[]): string =>
  readings.map(({ depth, ratio }) => `${short(ratio)} (${depth})`).join(', ');

/** A number in three digits. */
export const short = (value: number | null): string => numberText(value === null ? null : Number(value.toPrecision(3)));
