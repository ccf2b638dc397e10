/** Whether a network's confidence can be believed, and the temperature that helps: measured on images that it was not fitted on. */
import {
  type AnswerRows,
  answerRows,
  calibrationError,
  calibrationNoise,
  confidenceBins,
  fitTemperature,
  meanOf,
} from '../../metrics/index.ts';
import type { CalibrationState, EvaluationCalibration } from '../../report/index.ts';
import { Random } from '../../tensor/index.ts';
import type { DatasetAnswers } from './answer-store.ts';

/** Logits and what they should have said. */
export type Labelled = Pick<DatasetAnswers, 'logits' | 'labels' | 'classes'>;

/** Where the temperature comes from. */
export type TemperatureSource =
  /** From before, as the checkpoint keeps it. */
  | { readonly kind: 'kept'; readonly temperature: number; readonly origin: string }
  /** Other images than the measured ones. */
  | { readonly kind: 'other images'; readonly images: Labelled; readonly name: string }
  /** The measured ones; `reason` is a sentence that says why. */
  | { readonly kind: 'same images'; readonly reason?: string };

/** More images make a temperature no better. */
export const mostFitted = 5000;

const folds = 5;
/** Fewer tell no temperature. */
const fewest = 4 * folds;

/**
 * Calibration of the measured images before and after a temperature. With no other images to fit it on, each fifth of the measured ones is
 * scaled by the temperature of the other four; the temperature that is told is then that of all.
 * @param seed of the folds, and of what comes from chance
 */
export function calibrated(measured: Labelled, source: TemperatureSource, seed: number): EvaluationCalibration {
  const before = stateOf(rowsOf(measured), seed);
  const scaled = scaledRows(measured, source, seed);
  const because = source.kind === 'same images' && source.reason !== undefined ? `${source.reason} ` : '';
  if (typeof scaled === 'string')
    return { before, after: undefined, temperature: undefined, origin: `${because}${scaled}` };
  const { rows, temperature, origin } = scaled;
  return { before, after: stateOf(rows, seed), temperature, origin: `${because}${origin}` };
}

/** The rows after the temperature; a sentence where there is none. */
function scaledRows(
  measured: Labelled,
  source: TemperatureSource,
  seed: number,
): { rows: AnswerRows; temperature: number; origin: string } | string {
  if (source.kind === 'kept') {
    const { temperature, origin } = source;
    return { rows: rowsOf(measured, temperature), temperature, origin };
  }
  const { labels } = source.kind === 'same images' ? measured : source.images;
  if (labels.length < fewest) return `No temperature: ${labels.length} images are too few to fit one.`;
  if (source.kind === 'other images') {
    const temperature = temperatureOf(source.images);
    if (temperature === undefined) return noMinimum(source.name);
    return { rows: rowsOf(measured, temperature), temperature, origin: `Fitted on ${source.name}.` };
  }
  const order = new Random(`${seed}/calibration folds`).shuffle(Uint32Array.from(measured.labels.keys()));
  const temperature = temperatureOf(some(measured, order));
  const rows = temperature === undefined ? undefined : crossFitted(measured, order);
  const images = labels.length > mostFitted ? `${mostFitted} of the measured images` : 'the measured images';
  if (temperature === undefined || rows === undefined) return noMinimum(images);
  const origin = `Fitted on ${images}; the error after it is cross-fitted: each fifth of them with the temperature of the other four.`;
  return { rows, temperature, origin };
}

const noMinimum = (images: string) =>
  `No temperature: on ${images} the loss has no minimum, since all are right or the answers are worse than none.`;

const temperatureOf = ({ logits, labels, classes }: Labelled) => fitTemperature(logits, labels, classes);

const rowsOf = ({ logits, labels, classes }: Labelled, temperature = 1): AnswerRows =>
  answerRows(logits, labels, classes, { temperature });

/** Each fold with the temperature of the others; undefined where one has none. @param order of the rows, by chance */
function crossFitted(measured: Labelled, order: Uint32Array): AnswerRows | undefined {
  const rows = rowsOf(measured);
  for (let fold = 0; fold < folds; fold++) {
    const inside = order.filter((_, place) => place % folds === fold);
    const temperature = temperatureOf(
      some(
        measured,
        order.filter((_, place) => place % folds !== fold),
      ),
    );
    if (temperature === undefined) return undefined;
    const own = rowsOf(part(measured, inside), temperature);
    inside.forEach((at, row) => {
      rows.confidences[at] = own.confidences[row] as number;
      rows.losses[at] = own.losses[row] as number;
      rows.brier[at] = own.brier[row] as number;
    });
  }
  return rows;
}

/** The first rows of an order, as many as a temperature needs; all where that is not fewer. */
function some(measured: Labelled, order: Uint32Array): Labelled {
  if (order.length <= mostFitted) return order.length === measured.labels.length ? measured : part(measured, order);
  return part(measured, order.subarray(0, mostFitted));
}

function part({ logits, labels, classes }: Labelled, rows: Uint32Array): Labelled {
  const chosen = new Float32Array(rows.length * classes);
  for (const [to, from] of rows.entries())
    chosen.set(logits.subarray(from * classes, (from + 1) * classes), to * classes);
  return { logits: chosen, labels: Int32Array.from(rows, (row) => labels[row] as number), classes };
}

function stateOf({ confidences, correct, losses, brier }: AnswerRows, seed: number): CalibrationState {
  const bins = confidenceBins(confidences, correct);
  return {
    ece: calibrationError(bins),
    noise: calibrationNoise(confidences, { random: new Random(`${seed}/calibration noise`) }),
    loss: meanOf(losses),
    brier: meanOf(brier),
    confidence: meanOf(confidences),
    bins,
  };
}
