export { drawingPage } from './drawing/drawing-page.ts';
export { type DrawingOptions, drawingSvg } from './drawing/drawing-svg.ts';
export type { DrawnArc } from './drawing/drawn-arc.ts';
export type { DrawnNetwork } from './drawing/drawn-network.ts';
export type { DrawnPart } from './drawing/drawn-part.ts';
export { denseEdgeCount, type NetworkDrawing, networkDrawing } from './drawing/network-drawing.ts';
export type {
  CalibrationState,
  EvaluationAgainst,
  EvaluationAugmented,
  EvaluationCalibration,
  EvaluationCoverage,
  EvaluationMistake,
  EvaluationReport,
  EvaluationSlices,
} from './evaluation/evaluation-data.ts';
export { bytes, count, memory, multiplyAdds, percent } from './quantity.ts';
export type {
  Doubtful,
  LabelledPicture,
  Mistake,
  Picture,
  ReportData,
  ReportEpoch,
  ReportFacts,
} from './report-data.ts';
export { reportPage } from './report-page.ts';
