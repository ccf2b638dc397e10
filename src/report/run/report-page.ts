import { type PageLayout, page } from '../page/page.ts';
import { count } from '../page/quantity.ts';
import { classTable } from '../section/class-table.ts';
import { confusionSection } from '../section/confusion-section.ts';
import { mistakesSection } from '../section/mistakes-section.ts';
import { badImagesSection } from './bad-images.ts';
import { batchSection } from './batch-section.ts';
import { calibrationSection } from './calibration-section.ts';
import { doubtfulSection } from './doubtful-section.ts';
import { forecastSection } from './forecast-section.ts';
import { header } from './header.ts';
import { learningCurves } from './learning-curves.ts';
import { ratesSection } from './rates-section.ts';
import type { ReportData } from './report-data.ts';

const layout: PageLayout<ReportData> = {
  kind: 'Training report',
  title: ({ network, data }) => `${network} on ${data}`,
  header,
  sections: [
    learningCurves,
    ratesSection,
    confusionSection,
    classTable,
    calibrationSection,
    mistakesSection,
    forecastSection,
    doubtfulSection,
    batchSection,
    badImagesSection,
  ],
  footer: ({ facts, history }) =>
    `skein ${facts.version} · report.html of a run with ${count(history.length)} epochs · the numbers behind the ` +
    'curves are in results.csv and metrics.jsonl beside it',
};

/** A run as one HTML file that needs nothing else: no font, no network. */
export const reportPage = (run: ReportData): string => page(layout, run);
