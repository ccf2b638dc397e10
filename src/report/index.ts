export type { ComparisonData, ShownDifference, ShownEpoch, ShownNetwork } from './comparison/comparison-data.ts';
export { comparisonPage } from './comparison/comparison-page.ts';
export { drawingPage } from './drawing/drawing-page.ts';
export { type DrawingOptions, drawingSvg } from './drawing/drawing-svg.ts';
export type { DrawnArc } from './drawing/drawn-arc.ts';
export type { DrawnNetwork } from './drawing/drawn-network.ts';
export type { DrawnPart } from './drawing/drawn-part.ts';
export { denseEdgeCount, type NetworkDrawing, networkDrawing } from './drawing/network-drawing.ts';
export type {
  CalibrationState,
  CorruptionPicture,
  EvaluationAgainst,
  EvaluationAugmented,
  EvaluationCalibration,
  EvaluationCorruptions,
  EvaluationCoverage,
  EvaluationMistake,
  EvaluationReport,
  EvaluationSlices,
} from './evaluation/evaluation-data.ts';
export { evaluationPage } from './evaluation/evaluation-page.ts';
export type { ExplanationData, MethodChecks } from './explanation/explanation-data.ts';
export { explanationPage } from './explanation/explanation-page.ts';
export { commandsFor } from './laboratory/claims/claim-parts.ts';
export { claimWords, verdictWords } from './laboratory/claims/claim-words.ts';
export { type ClaimsData, claimsPage } from './laboratory/claims/claims-page.ts';
export type { ClaimNumber, ShownClaim, ShownQuestion, Verdict } from './laboratory/claims/shown-claim.ts';
export type { Bar, BarsFigure } from './laboratory/figures/bars.ts';
export type { Axis, NumberFormat } from './laboratory/figures/figure.ts';
export { type Figure, figureRows } from './laboratory/figures/index.ts';
export type { LinesFigure, Series } from './laboratory/figures/lines.ts';
export type { MatrixFigure } from './laboratory/figures/matrix.ts';
export { numberText } from './laboratory/figures/number-text.ts';
export type { Point, PointsFigure } from './laboratory/figures/points.ts';
export type { SurfaceFigure } from './laboratory/figures/surface.ts';
export type { TableFigure } from './laboratory/figures/table.ts';
export type { LaboratoryData, LaboratoryFinding } from './laboratory/laboratory-data.ts';
export { laboratoryPage } from './laboratory/laboratory-page.ts';
export { inLanguage, type Language, languages, type Text, type Words } from './laboratory/words.ts';
export type { Picture } from './page/picture.ts';
export { bytes, count, memory, multiplyAdds, percent } from './page/quantity.ts';
export type { ReplayData } from './replay/replay-data.ts';
export { replayPage } from './replay/replay-page.ts';
export type { Doubtful, LabelledPicture, ReportData, ReportEpoch, ReportFacts } from './run/report-data.ts';
export { reportPage } from './run/report-page.ts';
export type { Mistake } from './section/answered.ts';
