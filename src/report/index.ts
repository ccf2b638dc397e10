export type {
  LabelledPicture,
  Mistake,
  Picture,
  ReportData,
  ReportEpoch,
  ReportFacts,
} from './report-data.ts';
export { reportPage } from './report-page.ts';
