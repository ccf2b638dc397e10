import { type Child, element, type PageElement } from '../page/element.ts';
import { key, legend } from '../page/legend.ts';
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
    return [
      element('p', {}, text),
      element('p', {}, origin),
      legend(key('even', 'where confidence and accuracy agree')),
      diagrams(report),
      ...states(report, after),
    ];
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
      ? reliabilityDiagram(
          `Accuracy by confidence, with a temperature of ${temperature.toFixed(2)}`,
          after.bins,
          'var(--train)',
        )
      : confidenceHistogram(before.bins);
  const caption = after ? 'Accuracy by confidence, as it is' : 'Accuracy by confidence';
  return element('div', { class: 'pair' }, reliabilityDiagram(caption, before.bins), second);
}

/** Both states as numbers, side by side. */
function states({ calibration }: EvaluationReport, after: CalibrationState | undefined): Child[] {
  if (!after) return [];
  const line = (name: string, of: (state: CalibrationState) => number, text: (value: number) => string) =>
    row(name, ...[calibration.before, after].map((state) => numberCell(text(of(state)), of(state))));
  const share = (value: number) => percent(value, 2);
  return [
    table({
      head: ['', 'as it is', `temperature ${calibration.temperature?.toFixed(2) ?? '–'}`],
      numbersFrom: 1,
      isSortable: false,
      rows: [
        line('calibration error', ({ ece }) => ece, share),
        line('by chance, on average', ({ noise }) => noise.mean, share),
        line('by chance, at most (95 %)', ({ noise }) => noise.high, share),
        line('mean confidence', ({ confidence }) => confidence, share),
        line(
          'loss',
          ({ loss }) => loss,
          (value) => value.toFixed(3),
        ),
      ],
    }),
  ];
}
