import { wilsonInterval } from '../../metrics/index.ts';
import { type Child, element, named, type PageElement } from '../page/element.ts';
import { bytes, count, percent, plural } from '../page/quantity.ts';
import { factList, stats } from '../page/stats.ts';
import type { ReportData } from './report-data.ts';

/** The network, its data and its accuracy; whose weights were measured on what; and the run's facts. */
export function header(run: ReportData): Child[] {
  const { network, data, classes, split, score } = run;
  const { low, high } = wilsonInterval(score.correct, score.total);
  return [
    element('h1', {}, named(network)),
    element('p', { class: 'data' }, 'on ', named(data), `, ${plural(classes.length, 'class', 'classes')}`),
    stats([
      {
        label: `${split} accuracy`,
        value: percent(score.correct / score.total),
        note: `95 % interval ${(low * 100).toFixed(1)} to ${percent(high)}`,
      },
      ...(score.top5 === undefined
        ? []
        : [{ label: 'top-5', value: percent(score.top5), note: 'the label is among five guesses' }]),
      { label: `${split} loss`, value: score.loss.toFixed(3), note: 'mean cross entropy' },
    ]),
    element('p', { class: 'lead' }, provenance(run)),
    facts(run),
  ];
}

/** Which images, which weights, and what the epoch was picked by. */
function provenance({ split, score, weights, history }: ReportData): string {
  const whose = `the weights of epoch ${weights.epoch}, the ${weights.isBest ? 'best' : 'last'} of ${history.length}`;
  const images = plural(score.total, `${split} image`);
  const picked =
    split === 'test'
      ? 'The validation images picked the epoch; the test images had no say in it or in anything else.'
      : 'The data has no test split, and these images also picked the epoch: expect a little less on new ones.';
  return `Measured on ${images} with ${whose}. ${picked}`;
}

/** 34.0 % of the steps’ time, for images. What would help: … */
function waitingText({ share, advice }: NonNullable<ReportData['facts']['waiting']>): string {
  const text = `${percent(share)} of the steps’ time, for images`;
  return advice.length === 0 ? text : `${text}. What helps: ${advice.join('; ')}`;
}

function facts({ facts: known }: ReportData): PageElement {
  const { samples, image } = known;
  const [channels, height, width] = image;
  const rows: (readonly [string, string])[] = [
    [
      'images',
      `${count(samples.train)} for training, ${count(samples.validation)} for validation, ${
        samples.test > 0 ? `${count(samples.test)} for the test` : 'none for a test'
      }`,
    ],
    ['image size', `${height}×${width} pixels, ${channels === 1 ? 'grey' : `${channels} channels`}`],
    ['epochs', `${count(known.epochs)}, batches of ${count(known.batchSize)}`],
    ...known.recipe,
    ['parameters', count(known.params)],
    ['seed', String(known.seed)],
    ['engine', `${known.engine}, ${known.precision}, ${plural(known.threads, 'thread')}`],
    ...(known.imagesPerSecond === undefined
      ? []
      : [['speed', `${count(known.imagesPerSecond)} images/s while training`] as const]),
    ...(known.peakBytes === undefined ? [] : [['peak memory', bytes(known.peakBytes)] as const]),
    // long, where there is advice
    ...(known.waiting === undefined ? [] : [['waiting', waitingText(known.waiting)] as const]),
  ];
  return factList(rows);
}
