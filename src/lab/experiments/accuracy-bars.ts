import type { BarsFigure } from '../../report/index.ts';
import { accuracyOf } from '../arithmetic/paired-seeds.ts';
import { namesOf } from './accuracy-findings.ts';
import type { AccuracyResult } from './accuracy-result.ts';

/** The accuracy of each network, with its interval. */
export function accuracyBars(result: AccuracyResult): BarsFigure {
  const seeds = new Set(result.runs.map(({ seed }) => seed)).size;
  return {
    kind: 'bars',
    id: 'accuracy',
    title: { en: 'Accuracy on the test images', zh: '测试图像上的准确率' },
    note:
      seeds > 1
        ? {
            en: `Means over ${seeds} seeds with Student’s 95 % intervals.`,
            zh: `${seeds} 个种子的平均值，附 Student t 的 95 % 置信区间。`,
          }
        : {
            en: 'One seed, with the 95 % intervals of the test images (Wilson).',
            zh: '只有一个种子，附测试图像的 95 % 置信区间（Wilson）。',
          },
    x: { label: { en: 'accuracy', zh: '准确率' }, format: 'percent', domain: [0, 1] },
    bars: namesOf(result).map(({ network, label }) => {
      const { value, low, high } = accuracyOf(result.runs.filter((run) => run.network === network));
      return { name: label, value, low: Math.max(0, low), high: Math.min(1, high) };
    }),
  };
}
