import { defineSection } from '../page/section.ts';
import { factList } from '../page/stats.ts';
import type { ComparisonData } from './comparison-data.ts';

/** How all networks were trained. */
export const recipeSection = defineSection<ComparisonData>({
  id: 'recipe',
  heading: 'One recipe for all',
  draw: ({ facts }) => [factList(facts)],
});
