/** An evaluation as its page shows it: with pictures of the worst mistakes. */
import { encodePng } from '../../data/index.ts';
import type { EvaluationMistake, EvaluationReport } from '../../report/index.ts';
import { version } from '../version.ts';
import { corruptionPictures } from './corruption-pictures.ts';
import type { CheckpointEvaluation } from './evaluate.ts';

/** Of a picture on a page, in pixels. */
const longestSide = 160;

/** Reads the pictures. @throws DataError where one of them can no longer be read */
export async function evaluationReport(evaluation: CheckpointEvaluation): Promise<EvaluationReport> {
  const { checkpoint, network, data, split, notes, match, classes, score, interval, dataset } = evaluation;
  const { confusion, confused, calibration, coverage, slices, augmented, against } = evaluation;
  const { correct, total, loss, top5, badImages = [] } = score;
  const mistakes: EvaluationMistake[] = [];
  for (const { index, ...mistake } of evaluation.mistakes) {
    const { image } = await dataset.read(index);
    const png = await encodePng(image, { longestSide });
    mistakes.push({ ...mistake, picture: { png, height: image.height, width: image.width } });
  }
  const { corruptions } = score;
  return {
    checkpoint,
    network,
    data,
    split,
    notes: [...notes, ...(match.note === undefined ? [] : [match.note])],
    classes,
    score: { correct, total, loss, top5, interval },
    confusion,
    confused,
    mistakes,
    calibration,
    coverage,
    slices,
    augmented,
    against,
    ...(corruptions && {
      corruptions: { scores: corruptions, pictures: await corruptionPictures(dataset, corruptions, longestSide) },
    }),
    badImages,
    version,
  };
}
