import { findingList } from '../page/findings.ts';
import { defineSection } from '../page/section.ts';
import type { EvaluationReport } from './evaluation-data.ts';
import { findingsOf } from './findings.ts';

/** What the network does well and badly, and what to do next. */
export const summarySection = defineSection<EvaluationReport>({
  id: 'summary',
  heading: 'In short',
  draw: (report) => [findingList(findingsOf(report))],
});
