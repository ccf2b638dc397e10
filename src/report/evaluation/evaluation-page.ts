import { type PageLayout, page } from '../page/page.ts';
import { type Section, sectionOf } from '../page/section.ts';
import type { Answered, Mistaken } from '../section/answered.ts';
import { classTable } from '../section/class-table.ts';
import { confusionSection } from '../section/confusion-section.ts';
import { mistakesSection } from '../section/mistakes-section.ts';
import { againstSection } from './against-section.ts';
import { augmentedSection } from './augmented-section.ts';
import { badImagesSection } from './bad-images-section.ts';
import { calibrationSection } from './calibration-section.ts';
import { coverageSection } from './coverage-section.ts';
import type { EvaluationReport } from './evaluation-data.ts';
import { header } from './header.ts';
import { slicesSection } from './slices-section.ts';
import { summarySection } from './summary-section.ts';
import { splitWord } from './wording.ts';

/** A section that other pages have too. */
const shared = (section: Section<Answered & Mistaken>): Section<EvaluationReport> =>
  sectionOf(section, (report) => ({ ...report, split: splitWord(report) }));

const layout: PageLayout<EvaluationReport> = {
  kind: 'Evaluation',
  title: ({ network, data }) => `${network} on ${data}`,
  header,
  sections: [
    summarySection,
    againstSection,
    shared(classTable),
    shared(confusionSection),
    shared(mistakesSection),
    calibrationSection,
    coverageSection,
    slicesSection,
    augmentedSection,
    badImagesSection,
  ],
  footer: ({ version, checkpoint }) => `skein ${version} · evaluation of ${checkpoint}`,
};

/** What an evaluation found as one HTML file that needs nothing else. */
export const evaluationPage = (report: EvaluationReport): string => page(layout, report);
