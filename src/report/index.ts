export type {
  LabelledPicture,
  Mistake,
  Picture,
  ReportData,
  ReportEpoch,
  ReportFacts,
} from './report-data.ts';
export { reportPage } from './report-page.ts';
export { drawingSvg, type DrawingSvgOptions } from './drawing/drawing-svg.ts';
export { type DrawnArc, type DrawnNetwork, type DrawnPart, type NetworkDrawing, networkDrawing } from './drawing/network-drawing.ts';
