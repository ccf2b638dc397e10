/** What `skein eval` says to people. */
import type { CheckpointEvaluation } from '../trained/index.ts';
import { corruptionLines } from './corruption-report.ts';
import type { Output } from './output.ts';
import { count, percent, percentRange } from './quantity.ts';
import { shortened } from './shortened.ts';
import { textTable } from './text-table.ts';
import { badImagesText, scoreText } from './train-report.ts';

/** More are only counted. */
const shownBadImages = 20;
/** The table of more classes is long, and has to be asked for. */
const fewClasses = 20;

/**
 * @param options.perClass whether the table of classes was asked for, however many there are
 * @param options.calibrate whether the temperature was to be kept
 */
export function printEvaluation(
  output: Output,
  title: string,
  evaluation: CheckpointEvaluation,
  { perClass = false, calibrate = false }: { readonly perClass?: boolean; readonly calibrate?: boolean },
): void {
  const { score, match, classes } = evaluation;
  const { badImages = [] } = score;
  output.paragraph(title, 'bold');
  if (match.note !== undefined) output.paragraph(match.note, 'dim');
  for (const line of output.folded(scoreText(score), '  top-1  ')) output.line(line);
  if (score.top5 !== undefined) output.line(`  top-5  ${percent(score.top5, 2)}`);
  output.line(`  loss   ${score.loss.toFixed(4)}`);
  if (perClass || classes.length <= fewClasses) printClasses(output, evaluation);
  output.line();
  const rows = [...confusedRows(evaluation), ...calibrationRows(evaluation, calibrate), ...otherRows(evaluation)];
  const width = Math.max(...rows.map(([label]) => label.length));
  for (const [label, text] of rows)
    for (const line of output.folded(text, `  ${label.padEnd(width)}  `)) output.line(line);
  if (score.corruptions)
    for (const line of corruptionLines(score.corruptions)) output.line(line === '' ? '' : `  ${line}`);
  for (const { message } of badImages.slice(0, shownBadImages)) output.paragraph(`passed over: ${message}`, 'dim');
  const { length: bad } = badImages;
  if (bad > 0) output.paragraph(`${badImagesText(bad)}${bad > shownBadImages ? ' (--json lists them)' : ''}`);
}

/** What a line of the table needs besides the label. */
const besideLabel = 38;

type Row = readonly [label: string, text: string];

function printClasses(output: Output, { perClass }: CheckpointEvaluation): void {
  const share = (value: number | null) => percent(value ?? Number.NaN);
  const room = output.live ? output.columns - besideLabel : Number.POSITIVE_INFINITY;
  output.line();
  const rows = perClass.map(({ label, precision, recall, f1, images }) => [
    shortened(label, Math.max(8, room)),
    share(precision),
    share(recall),
    share(f1),
    count(images),
  ]);
  for (const line of textTable(['class', 'precision', 'recall', 'F1', 'images'], rows)) output.line(`  ${line}`);
}

function confusedRows({ confused, classes }: CheckpointEvaluation): Row[] {
  const pairs = confused
    .slice(0, 3)
    .map(
      ({ label, prediction, images, share }, i) =>
        `${classes[label]} ${i === 0 ? 'taken ' : ''}for ${classes[prediction]} ${images === 1 ? 'once' : `${count(images)} times`} (${percent(share)})`,
    );
  return pairs.length === 0 ? [] : [['confused', pairs.join(', ')]];
}

function calibrationRows({ calibration, kept, checkpoint }: CheckpointEvaluation, calibrate: boolean): Row[] {
  const { before, after, temperature, origin } = calibration;
  const told = `error ${percent(before.ece, 2)} (chance alone makes ${percent(before.noise.mean, 2)})`;
  if (!after || temperature === undefined)
    return [
      ['calibration', `${told}. ${origin}`],
      ...(calibrate ? [['kept', 'nothing, since there is no temperature'] as const] : []),
    ];
  const rows: Row[] = [
    ['calibration', `${told}; with temperature ${temperature.toFixed(3)} ${percent(after.ece, 2)}`],
    ['temperature', origin],
  ];
  if (kept)
    rows.push([
      'kept',
      `in ${checkpoint}, for predictions from now on; a run that goes on writes its next checkpoints without it`,
    ]);
  else if (calibrate) rows.push(['kept', 'nothing: the temperature could not be written into the checkpoint']);
  return rows;
}

/** The point of the curve that answers about this share of the images. */
const nearestPoint = (points: CheckpointEvaluation['coverage']['points'], share: number) =>
  [...points].sort((a, b) => Math.abs(a.coverage - share) - Math.abs(b.coverage - share))[0];

function otherRows({ coverage, slices, augmented, against }: CheckpointEvaluation): Row[] {
  const rows: Row[] = [];
  const [half, most] = [0.5, 0.9].map((share) => nearestPoint(coverage.points, share));
  if (half && most && half.coverage < 1)
    rows.push([
      'coverage',
      `of the surest ${percent(half.coverage, 0)} of the images ${percent(half.accuracy)} are right, of ${percent(most.coverage, 0)} ${percent(most.accuracy)}`,
    ]);
  for (const { by, slices: all } of slices) {
    const ranked = [...all].sort((a, b) => a.correct / a.images - b.correct / b.images);
    const [worst, best] = [ranked[0], ranked.at(-1)];
    if (!worst || !best) continue;
    const told = ({ label, correct, images, interval }: typeof worst) =>
      `${label} ${percent(correct / images)} (${percentRange(interval)} of ${count(images)})`;
    rows.push([`by ${by}`, `worst ${told(worst)}, best ${told(best)}`]);
  }
  if (augmented) {
    const { name, views, correct, total, difference } = augmented;
    const points = (share: number) => `${share > 0 ? '+' : ''}${(100 * share).toFixed(2)}`;
    rows.push([
      `--tta ${name}`,
      `${percent(correct / total, 2)} with ${views} views of each image: ${points(difference.low)} to ${points(difference.high)} points at 95 %`,
    ]);
  }
  if (against) {
    rows.push(['against', `${against.checkpoint}: ${percent(against.correct / against.total, 2)}`]);
    rows.push(['verdict', against.verdict]);
    for (const note of against.notes) rows.push(['note', note]);
  }
  return rows;
}
