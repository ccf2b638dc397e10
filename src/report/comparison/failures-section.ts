import { element, named } from '../page/element.ts';
import { defineSection } from '../page/section.ts';
import type { ComparisonData } from './comparison-data.ts';

/** Trainings that have no result, and why. */
export const failuresSection = defineSection<ComparisonData>({
  id: 'failures',
  heading: 'Trainings that failed',
  isShown: ({ failures }) => failures.length > 0,
  draw: ({ failures }) => [
    element(
      'ul',
      { class: 'findings' },
      ...failures.map(({ network, seed, message }) =>
        element('li', {}, element('b', {}, `seed ${seed}`), element('span', {}, named(network), `: ${message}`)),
      ),
    ),
  ],
});
