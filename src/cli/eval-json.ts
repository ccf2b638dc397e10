/** What `skein eval --json` prints. */
import { corruptionMeans } from '../corruptions/index.ts';
import type { DataSource } from '../data/index.ts';
import type { CheckpointEvaluation } from '../trained/index.ts';

/** Classes by their labels, and what was not asked for or is not known left out. */
export function evaluationJson(evaluation: CheckpointEvaluation, data: DataSource, page: string | undefined): object {
  const { checkpoint, split, notes, match, classes, score, interval, perClass, kept, unkept } = evaluation;
  const { calibration, coverage, slices, augmented, against, confused } = evaluation;
  const { top1, top5, loss, correct, total, badImages = [], corruptions } = score;
  const corrupted = corruptions && corruptionMeans(corruptions);
  const { by, note } = match;
  const { before, after, temperature, origin } = calibration;
  return {
    checkpoint,
    data,
    split,
    notes,
    match: { by, network: classes.length, data: match.classes, note },
    top1,
    interval,
    top5,
    loss,
    correct,
    total,
    badImages,
    classes: perClass,
    confused: confused.map(({ label, prediction, images, share }) => ({
      label: classes[label],
      prediction: classes[prediction],
      images,
      share,
    })),
    calibration: {
      ece: before.ece,
      noise: before.noise,
      brier: before.brier,
      temperature: temperature ?? null,
      eceAfter: after?.ece ?? null,
      noiseAfter: after?.noise ?? null,
      lossAfter: after?.loss ?? null,
      brierAfter: after?.brier ?? null,
      origin,
    },
    coverage,
    slices: slices.flatMap(({ by, slices }) =>
      slices.map(({ label, images, correct, interval }) => ({
        by,
        label,
        images,
        top1: correct / images,
        interval,
      })),
    ),
    tta: augmented && {
      name: augmented.name,
      views: augmented.views,
      top1: augmented.correct / augmented.total,
      interval: augmented.interval,
      difference: augmented.difference,
    },
    against: against && {
      checkpoint: against.checkpoint,
      top1: against.correct / against.total,
      mcnemar: against.mcnemar,
      difference: against.difference,
      verdict: against.verdict,
      notes: against.notes,
    },
    corruptions: corruptions?.map(({ name, category, standing, severity, top1 }) => ({
      name,
      category,
      standing,
      severity,
      top1,
    })),
    corrupted: corrupted && { top1: corrupted.top1 ?? null, over: corrupted.over },
    kept,
    unkept: unkept?.message,
    page,
  };
}
