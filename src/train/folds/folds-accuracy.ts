import { type MeanInterval, tInterval, wilsonInterval } from '../../metrics/index.ts';

/** The accuracy over all folds: their mean, with where the mean of many such folds would be (95 %, Student's t). */
export interface FoldsAccuracy extends MeanInterval {
  /** Of all samples, each answered by the network that was trained without it. */
  readonly correct: number;
  readonly total: number;
  /** 95 % interval of correct / total, by Wilson. */
  readonly pooled: { readonly low: number; readonly high: number };
}

/** @param scores of two folds or more */
export function accuracyOf(
  scores: readonly { readonly top1: number; readonly correct: number; readonly total: number }[],
): FoldsAccuracy {
  const { mean, low, high } = tInterval(scores.map(({ top1 }) => top1));
  const correct = scores.reduce((sum, score) => sum + score.correct, 0);
  const total = scores.reduce((sum, score) => sum + score.total, 0);
  return {
    mean,
    low: Math.max(0, low),
    high: Math.min(1, high),
    correct,
    total,
    pooled: wilsonInterval(correct, total),
  };
}
