/** All that a pass over the images tells: functions of the logits, without the network. */
import type { Dataset } from '../../data/index.ts';
import {
  type AnswerRows,
  answerRows,
  type ConfusedPair,
  ConfusionMatrix,
  confusedPairs,
  coverage,
  fewerPoints,
} from '../../metrics/index.ts';
import type {
  EvaluationCalibration,
  EvaluationCoverage,
  EvaluationMistake,
  EvaluationSlices,
} from '../../report/index.ts';
import type { DatasetAnswers } from './answer-store.ts';
import { slicesOf } from './slices.ts';

/** A wrong answer, and which sample it is about. */
export interface WrongAnswer extends Omit<EvaluationMistake, 'picture'> {
  /** In the dataset. */
  readonly index: number;
}

/** One class's scores; null where nothing was measured. */
export interface ClassResult {
  readonly label: string;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  readonly images: number;
}

export interface EvaluationResults {
  readonly confusion: ConfusionMatrix;
  readonly perClass: readonly ClassResult[];
  readonly confused: readonly ConfusedPair[];
  readonly mistakes: readonly WrongAnswer[];
  readonly calibration: EvaluationCalibration;
  readonly coverage: EvaluationCoverage;
  readonly slices: readonly EvaluationSlices[];
  /** 1 or 0 for each image. */
  readonly correct: Uint8Array;
}

const kept = { pairs: 10, mistakes: 24, points: 100 };

/**
 * @param classes the network's
 * @param temperature that predictions of this checkpoint are made with, from now on
 */
export async function evaluationResults(
  dataset: Dataset,
  classes: readonly string[],
  answers: DatasetAnswers,
  calibration: EvaluationCalibration,
  temperature = 1,
): Promise<EvaluationResults> {
  const { logits, labels } = answers;
  const rows = answerRows(logits, labels, classes.length, { temperature });
  const confusion = new ConfusionMatrix(classes.length);
  for (const [row, label] of labels.entries()) confusion.add(label, rows.predictions[row] as number);
  const { points, aurc, bestAurc } = coverage(rows.confidences, rows.correct);
  return {
    confusion,
    perClass: perClass(confusion, classes),
    confused: confusedPairs(confusion, kept.pairs),
    mistakes: mistakesOf(dataset, answers, rows),
    calibration,
    coverage: { points: fewerPoints(points, kept.points), aurc, bestAurc },
    slices: await slicesOf(dataset, answers, rows.correct),
    correct: rows.correct,
  };
}

function perClass(confusion: ConfusionMatrix, classes: readonly string[]): ClassResult[] {
  const measured = (share: number) => (Number.isNaN(share) ? null : share);
  return confusion.perClass().map(({ precision, recall, f1, support }, c) => ({
    label: classes[c] as string,
    precision: measured(precision),
    recall: measured(recall),
    f1: measured(f1),
    images: support,
  }));
}

/** The wrong answers that the network was surest of. */
function mistakesOf(
  { ids }: Dataset,
  { labels, indices }: DatasetAnswers,
  { predictions, confidences }: AnswerRows,
): WrongAnswer[] {
  return [...labels.keys()]
    .filter((row) => predictions[row] !== labels[row])
    .sort((a, b) => (confidences[b] as number) - (confidences[a] as number) || a - b)
    .slice(0, kept.mistakes)
    .map((row) => {
      const index = indices[row] as number;
      return {
        index,
        label: labels[row] as number,
        prediction: predictions[row] as number,
        probability: confidences[row] as number,
        name: ids?.[index] ?? String(index),
      };
    });
}
