import { type Child, element, type PageElement, scrollBox } from '../page/element.ts';
import { percent, plural } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { numberCell, row, table } from '../page/table.ts';
import { confidenceHistogram, reliabilityDiagram, tendency } from '../section/reliability.ts';
import type { CalibrationState, EvaluationReport } from './evaluation-data.ts';
import { splitWord } from './wording.ts';

/** Whether the network's confidence can be believed, as it is and with a temperature. */
export const calibrationSection = defineSection<EvaluationReport>({
  id: 'calibration',
  heading: 'Can its confidence be believed?',
  draw: (report) => {
    const { calibration, score } = report;
    const { before, after, origin } = calibration;
    const gap = before.confidence - score.correct / score.total;
    const text =
      `Expected calibration error ${percent(before.ece)}, over ${before.bins.length} bins of the ${splitWord(report)} images. ` +
      `${tendency(gap)} ${floor(before, score.total)}`;
    return [element('p', {}, text), element('p', {}, origin), diagrams(report), ...states(report, after)];
  },
});

/** The error is never 0, not even where confidence is right. */
function floor({ ece, noise }: CalibrationState, images: number): string {
  const chance =
    `Where confidence is exactly right, ${plural(images, 'image')} still show an error of ${percent(noise.mean)} by chance, ` +
    `and in 95 of 100 cases less than ${percent(noise.high)}`;
  return `${chance}: ${ece > noise.high ? 'this one is more than that.' : 'this one is no more than that.'}`;
}

function diagrams({ calibration }: EvaluationReport): PageElement {
  const { before, after, temperature } = calibration;
  const second =
    after && temperature !== undefined
      ? reliabilityDiagram(`With a temperature of ${temperature.toFixed(2)}`, after.bins, 'var(--train)')
      : confidenceHistogram(before.bins);
  const caption = after
    ? 'As it is: accuracy by confidence; on the dashed line both agree'
    : 'Accuracy by confidence; on the dashed line both agree';
  return element('div', { class: 'pair' }, reliabilityDiagram(caption, before.bins), second);
}

/** Both states as numbers. */
function states({ calibration }: EvaluationReport, after: CalibrationState | undefined): Child[] {
  if (!after) return [];
  const cells = ({ ece, noise, confidence, loss }: CalibrationState) => [
    numberCell(percent(ece, 2), ece),
    numberCell(percent(noise.mean, 2), noise.mean),
    numberCell(percent(noise.high, 2), noise.high),
    numberCell(percent(confidence), confidence),
    numberCell(loss.toFixed(3), loss),
  ];
  const numbers = table({
    head: ['confidence', 'calibration error', 'by chance', '95 % of chance', 'mean confidence', 'loss'],
    numbersFrom: 1,
    rows: [
      row('as it is', ...cells(calibration.before)),
      row(`temperature ${calibration.temperature?.toFixed(3) ?? '–'}`, ...cells(after)),
    ],
  });
  return [scrollBox('Calibration in numbers', numbers)];
}
