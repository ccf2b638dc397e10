/** Numbers within sentences. */
import { type Language, numberText } from '../report/index.ts';
import type { Estimate } from './arithmetic/estimate.ts';

/** 12.3 %; −0.4 % */
export const percentText = (share: number | null): string => numberText(share, 'percent').replace('-', '−');

/** A list of numbers as Chinese punctuates it: 0.843（20）、2.82（50）. */
export const inChineseMarks = (list: string): string =>
  list.replaceAll(' (', '（').replaceAll(')', '）').replaceAll(', ', '、').replaceAll('; ', '；');

/** Shares' difference as percentage points, with its sign: +3.1 or −0.4. */
const pointsText = (difference: number): string => {
  const text = (100 * difference).toFixed(1);
  return Number(text) === 0 ? '0.0' : Number(text) > 0 ? `+${text}` : text.replace('-', '−');
};

/** +3.1 points (95 % interval +1.2 to +5.0) */
export const differenceText = ({ value, low, high }: Estimate, language: Language): string =>
  language === 'zh'
    ? `${pointsText(value)} 个百分点（95 % 置信区间 ${pointsText(low)} 至 ${pointsText(high)}）`
    : `${pointsText(value)} points (95 % interval ${pointsText(low)} to ${pointsText(high)})`;
