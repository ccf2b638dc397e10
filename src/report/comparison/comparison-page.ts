import { type PageLayout, page } from '../page/page.ts';
import type { ComparisonData } from './comparison-data.ts';
import { comparisonHeader } from './comparison-header.ts';
import { curvesSection } from './curves-section.ts';
import { differencesSection } from './differences-section.ts';
import { failuresSection } from './failures-section.ts';
import { recipeSection } from './recipe-section.ts';
import { resultsTable } from './results-table.ts';
import { tradeOffs } from './trade-offs.ts';

const layout: PageLayout<ComparisonData> = {
  kind: 'Comparison',
  title: ({ networks, data }) => `${networks.map(({ name }) => name).join(', ')} on ${data}`,
  header: comparisonHeader,
  sections: [resultsTable, differencesSection, tradeOffs, curvesSection, failuresSection, recipeSection],
  footer: ({ version }) =>
    `skein ${version} · comparison.html of skein compare · the numbers are in comparison.csv beside it, and each training has a folder with its own report`,
};

/** Networks against each other as one HTML file that needs nothing else; at least one training of one network is done. */
export const comparisonPage = (data: ComparisonData): string => page(layout, data);
