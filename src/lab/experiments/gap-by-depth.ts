import type { LinesFigure } from '../../report/index.ts';
import { gapOf } from '../arithmetic/gap.ts';
import { conditionNames, type OverfittingResult } from './overfitting-result.ts';

/** Test error less training error against depth, a line for each way of regularisation. */
export const gapByDepth = ({ runs }: OverfittingResult): LinesFigure => ({
  kind: 'lines',
  id: 'gap-by-depth',
  title: { en: 'Test error less training error', zh: '测试误差减训练误差' },
  note: {
    en: 'Bands are the 95 % intervals that the test images leave open.',
    zh: '色带为 95 % 置信区间，只反映测试图像的抽样误差。',
  },
  x: { label: { en: 'layers', zh: '层数' } },
  y: { label: { en: 'gap', zh: '差距' }, format: 'percent' },
  series: [...new Set(runs.map(({ condition }) => condition))].map((condition) => {
    const own = runs.filter((run) => run.condition === condition);
    return {
      name: conditionNames[condition],
      points: own.map((run) => [run.depth, gapOf(run).value] as const),
      band: own.map((run) => [gapOf(run).low, gapOf(run).high] as const),
    };
  }),
});
