import * as Plot from '@observablehq/plot';
import { chart, grid, shareTick } from '../page/chart.ts';
import { element, type PageElement } from '../page/element.ts';
import { percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { numberCell, row, table } from '../page/table.ts';
import type { CoveragePoint, EvaluationReport } from './evaluation-data.ts';

/** Shares of the images that the table has. */
const rows = [1, 0.95, 0.9, 0.8, 0.7, 0.5, 0.25];

/** What becomes of accuracy where the network passes over what it is unsure of (selective prediction, El-Yaniv and Wiener 2010). */
export const coverageSection = defineSection<EvaluationReport>({
  id: 'coverage',
  heading: 'When it may leave out what it is unsure of',
  isShown: ({ coverage }) => coverage.points.length > 1,
  draw: ({ coverage: { points, aurc, bestAurc } }) => {
    const text =
      'Where answers below a confidence are left to a person, the rest are right more often. ' +
      `The area under the curve of errors is ${percent(aurc, 2)}; the best order of these answers, all wrong ones last, would have ${percent(bestAurc, 2)}.`;
    return [element('p', {}, text), element('div', { class: 'pair' }, curve(points), thresholds(points))];
  },
});

function curve(points: readonly CoveragePoint[]): PageElement {
  const least = Math.min(...points.map(({ accuracy }) => accuracy));
  const [first, last] = [points[0] as CoveragePoint, points.at(-1) as CoveragePoint];
  const label =
    `Accuracy by share of images answered: ${percent(last.accuracy)} where all are, ` +
    `${percent(first.accuracy)} for the surest ${percent(first.coverage, 0)}.`;
  const title = ({ coverage, accuracy, threshold }: CoveragePoint) =>
    `${percent(coverage, 0)} answered, ${percent(accuracy)} right, confidence at least ${percent(threshold)}`;
  return chart('Accuracy by share of images answered', label, {
    x: { domain: [0, 1], label: 'answered', labelArrow: 'none', ticks: 5, tickFormat: (d: number) => percent(d, 0) },
    y: { domain: [Math.floor(least * 10) / 10, 1], label: null, ticks: 5, tickFormat: shareTick },
    marks: [
      Plot.gridY({ ...grid, ticks: 5 }),
      Plot.line(points, { x: 'coverage', y: 'accuracy', stroke: 'var(--train)', strokeWidth: 2 }),
      Plot.dot(points, { x: 'coverage', y: 'accuracy', r: 6, fill: 'transparent', title }),
      Plot.dot([last], { x: 'coverage', y: 'accuracy', r: 4, fill: 'var(--train)' }),
    ],
  } as Plot.PlotOptions);
}

function thresholds(points: readonly CoveragePoint[]): PageElement {
  const nearest = (share: number) =>
    points.reduce((best, point) => (Math.abs(point.coverage - share) < Math.abs(best.coverage - share) ? point : best));
  const chosen = [...new Set(rows.map(nearest))];
  return table({
    head: ['answered', 'right of these', 'confidence from'],
    numbersFrom: 1,
    isSortable: false,
    rows: chosen.map(({ coverage, accuracy, threshold }) =>
      row(percent(coverage, 0), numberCell(percent(accuracy), accuracy), numberCell(percent(threshold), threshold)),
    ),
  });
}
