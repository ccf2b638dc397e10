import * as Plot from '@observablehq/plot';
import { chart, grid } from './chart.ts';
import { element, type PageElement, section } from './element.ts';
import type { ReportData } from './report-data.ts';

/** The loss over the learning rate, where the run looked for it. */
export function ratesSection({ rates }: ReportData): PageElement[] {
  if (!rates || rates.curve.length === 0) return [];
  const { curve, suggested, reason } = rates;
  const first = curve[0]?.loss ?? 0;
  const found = suggested === undefined ? 'No rate was found' : `The run began with ${suggested}`;
  // where the loss ran away it would leave no room for the rest
  const top = 1.5 * first;
  const drawn = chart('Loss by learning rate', `Loss while the learning rate rises. ${found}: ${reason}.`, {
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
  const words = `${found}: ${reason}. The loss is smoothed; these steps left no trace in the weights.`;
  return [section('rates', 'Search for the learning rate', drawn, element('p', { class: 'note' }, words))];
}
