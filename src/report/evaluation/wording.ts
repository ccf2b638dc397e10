/** Words that several sections of an evaluation use. */
import { percent } from '../page/quantity.ts';
import type { EvaluationReport, ShareInterval } from './evaluation-data.ts';

/** What stands before 'images'. */
export const splitWord = ({ split }: Pick<EvaluationReport, 'split'>): string =>
  ({ train: 'training', validation: 'validation', test: 'test', all: 'labelled' })[split];

/** 91.2 to 92.3 % */
export const span = ({ low, high }: ShareInterval, digits = 1): string =>
  `${(100 * low).toFixed(digits)} to ${percent(high, digits)}`;

/** +0.4: a difference of shares in points. */
export const points = (difference: number): string => {
  const size = Math.abs(100 * difference).toFixed(1);
  return size === '0.0' ? '0.0' : `${difference < 0 ? '−' : '+'}${size}`;
};

/** +0.1 to +0.7 points */
export const pointsSpan = ({ low, high }: ShareInterval): string => `${points(low)} to ${points(high)} points`;

/** 0.021, or < 0.001. */
export const probabilityText = (p: number): string => (p < 0.001 ? '< 0.001' : p < 0.01 ? p.toFixed(3) : p.toFixed(2));
