import * as Plot from '@observablehq/plot';
import { chart, grid } from '../page/chart.ts';
import { element, type PageElement } from '../page/element.ts';
import { defineSection } from '../page/section.ts';
import type { ReportData, ReportRates } from './report-data.ts';

/** The loss over the learning rate, where the run looked for it. */
export const ratesSection = defineSection<ReportData>({
  id: 'rates',
  heading: 'Search for the learning rate',
  isShown: ({ rates }) => rates !== undefined && rates.curve.length > 0,
  draw: ({ rates }) => (rates ? [lossByRate(rates), element('p', { class: 'note' }, words(rates))] : []),
});

const found = ({ suggested }: ReportRates) =>
  suggested === undefined ? 'No rate was found' : `The run began with ${suggested}`;

const words = (rates: ReportRates) =>
  `${found(rates)}: ${rates.reason}. The loss is smoothed; these steps left no trace in the weights.`;

function lossByRate(rates: ReportRates): PageElement {
  const { curve, suggested, reason } = rates;
  const first = curve[0]?.loss ?? 0;
  // where the loss ran away it would leave no room for the rest
  const top = 1.5 * first;
  return chart('Loss by learning rate', `Loss while the learning rate rises. ${found(rates)}: ${reason}.`, {
    x: { type: 'log', label: 'learning rate', labelArrow: 'none', ticks: 7, tickFormat: (d: number) => String(d) },
    y: { label: null, nice: true, ticks: 5 },
    marks: [
      Plot.gridY({ ...grid, ticks: 5 }),
      ...(suggested === undefined
        ? []
        : [Plot.ruleX([suggested], { stroke: 'var(--validation)', strokeDasharray: '2 3' })]),
      Plot.line(
        curve.filter(({ loss }) => loss <= top),
        { x: 'lr', y: 'loss', stroke: 'var(--train)', strokeWidth: 2 },
      ),
    ],
  } as Plot.PlotOptions);
}
