import { named } from '../page/element.ts';
import { findingList } from '../page/findings.ts';
import { defineSection } from '../page/section.ts';
import type { ComparisonData } from './comparison-data.ts';

/** Trainings that have no result, and why. */
export const failuresSection = defineSection<ComparisonData>({
  id: 'failures',
  heading: 'Trainings that failed',
  isShown: ({ failures }) => failures.length > 0,
  draw: ({ failures }) => [
    findingList(
      failures.map(({ network, seed, message }) => ({ about: `seed ${seed}`, says: [named(network), `: ${message}`] })),
    ),
  ],
});
