/** What the numbers say in short: what the network does well and badly, and what to do next. */
import { type Child, element, named } from '../page/element.ts';
import type { Finding } from '../page/findings.ts';
import { count, percent, plural } from '../page/quantity.ts';
import { tendency } from '../section/reliability.ts';
import { classesByF1, type NamedScores } from './classes-by-f1.ts';
import type { CalibrationState, EvaluationReport } from './evaluation-data.ts';

/** Mistakes of which the network was as sure as this are worth a look at their labels. */
const surelyWrong = 0.95;

/** A finding for each thing of which there is something to say. */
export function findingsOf(report: EvaluationReport): Finding[] {
  const ranked = classesByF1(report);
  const said = [
    { about: 'does well', says: strengths(ranked) },
    { about: 'does badly', says: weaknesses(report, ranked) },
    { about: 'weak spot', says: weakSlice(report) },
    { about: 'confidence', says: confidence(report) },
    { about: 'when unsure', says: abstaining(report) },
    { about: 'to do next', says: nextSteps(report) },
  ];
  return said.filter(({ says }) => says.length > 0);
}

/** The best third of the classes, at most three. */
function strengths(ranked: readonly NamedScores[]): Child[] {
  const best = ranked.slice(-Math.min(3, Math.floor(ranked.length / 2))).reverse();
  const least = best.at(-1);
  if (ranked.length < 2 || !least) return [];
  return [...listed(best), `: F1 ${best.length > 1 ? 'of at least ' : ''}${percent(least.f1)}.`];
}

function weaknesses({ classes, confused }: EvaluationReport, ranked: readonly NamedScores[]): Child[] {
  const worst = ranked[0];
  if (!worst || worst.f1 === 1) return [];
  const taken = confused.find(({ label }) => label === worst.label);
  const pair = confused[0];
  const start: Child[] = [named(worst.name), ` is the weakest class, F1 ${percent(worst.f1)}`];
  if (taken)
    start.push(
      `: ${count(taken.images)} of its ${plural(worst.support, 'image')} ${taken.images === 1 ? 'is' : 'are'} taken for `,
    );
  const says: Child[] = taken ? [...start, named(classes[taken.prediction] as string), '.'] : [...start, '.'];
  if (!pair || pair === taken) return says;
  return [
    ...says,
    ' Most often ',
    named(classes[pair.label] as string),
    ' is taken for ',
    named(classes[pair.prediction] as string),
    `, ${plural(pair.images, 'time')}.`,
  ];
}

/** The slice that is furthest below the whole, where chance does not explain it. */
function weakSlice({ slices, score }: EvaluationReport): Child[] {
  const whole = score.correct / score.total;
  const below = slices
    .flatMap(({ by, slices: parts }) => parts.map((part) => ({ by, ...part })))
    .filter(({ interval }) => interval.high < score.interval.low)
    .sort((a, b) => a.correct / a.images - b.correct / b.images)[0];
  if (!below) return [];
  const { by, label, images, correct } = below;
  return [
    `By ${by}, the weakest are `,
    named(label),
    `: ${percent(correct / images)} of ${plural(images, 'image')} right, instead of ${percent(whole)} of all.`,
  ];
}

/** Whether the error is more than chance shows. */
const isOff = ({ ece, noise }: CalibrationState) => ece > noise.high;

function confidence({ calibration, score }: EvaluationReport): Child[] {
  const { before, after, temperature } = calibration;
  if (!isOff(before))
    return [
      `Can be believed: its calibration error of ${percent(before.ece)} is no more than chance shows on as many images, ` +
        `which is up to ${percent(before.noise.high)}.`,
    ];
  const gap = before.confidence - score.correct / score.total;
  const repaired =
    after && temperature !== undefined && after.ece < before.ece
      ? ` A temperature of ${temperature.toFixed(2)} brings the calibration error from ${percent(before.ece)} to ${percent(after.ece)}.`
      : ` Its calibration error is ${percent(before.ece)}.`;
  return [tendency(gap) + repaired];
}

/** The largest share that is answered with half of the errors. */
function abstaining({ coverage, score }: EvaluationReport): Child[] {
  const errors = 1 - score.correct / score.total;
  const half = coverage.points.filter(({ accuracy }) => 1 - accuracy <= errors / 2).at(-1);
  if (errors === 0 || !half || half.coverage < 0.1 || half.coverage === 1) return [];
  return [
    `Where it answers only the ${percent(half.coverage, 0)} that it is surest of, its share of errors halves: ` +
      `${percent(half.accuracy)} are right.`,
  ];
}

function nextSteps(report: EvaluationReport): Child[] {
  const { calibration, mistakes, confused, classes } = report;
  const { before, after } = calibration;
  const sure = mistakes.filter(({ probability }) => probability >= surelyWrong).length;
  const pair = confused[0];
  const steps: Child[][] = [];
  if (sure > 0)
    steps.push(['Look at the worst mistakes first: where the network was sure, the label itself may be wrong.']);
  if (pair && pair.share >= 0.03)
    steps.push([
      'It confuses ',
      named(classes[pair.label] as string),
      ' and ',
      named(classes[pair.prediction] as string),
      ' most: more images of these two are the first to try.',
    ]);
  if (isOff(before) && after && after.ece < before.ece)
    steps.push([
      'Keep the temperature in the checkpoint (skein eval … --calibrate), and predictions are as sure as they are right.',
    ]);
  return steps.map((step) => element('p', {}, ...step));
}

/** a, b and c */
const listed = (classes: readonly NamedScores[]): Child[] =>
  classes.flatMap(({ name }, i) => [...(i === 0 ? [] : [i === classes.length - 1 ? ' and ' : ', ']), named(name)]);
