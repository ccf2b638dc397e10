/** comparison.html: what the page shows of a comparison. */
import type { Comparison } from './comparison.ts';
import type { ComparisonState } from './comparison-state.ts';

export const comparisonPageOf = (_: Comparison, __: ComparisonState): string => '';
