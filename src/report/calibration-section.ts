import * as Plot from '@observablehq/plot';
import type { ReliabilityBin } from '../metrics/index.ts';
import { chart, grid } from './chart.ts';
import { element, type PageElement, section } from './element.ts';
import { count, percent, plural } from './quantity.ts';
import type { ReportData } from './report-data.ts';

interface Bar extends ReliabilityBin {
  readonly from: number;
  readonly to: number;
}

/** Whether the network's confidence can be believed: the reliability diagram, and how many predictions stand behind it. */
export function calibrationSection({ calibration, split }: ReportData): PageElement {
  const bins = calibration.length;
  const bars: Bar[] = calibration
    .map((bin, i) => ({ ...bin, from: i / bins, to: (i + 1) / bins }))
    .filter((bin) => bin.count > 0);
  const total = bars.reduce((sum, bin) => sum + bin.count, 0);
  const mean = (of: (bin: Bar) => number) => bars.reduce((sum, bin) => sum + bin.count * of(bin), 0) / total;
  // ECE = Σ (count / total) · |accuracy − confidence|
  const error = mean((bin) => Math.abs(bin.accuracy - bin.confidence));
  const gap = mean((bin) => bin.confidence) - mean((bin) => bin.accuracy);
  const points = `${Math.abs(gap * 100).toFixed(1)} points`;
  const tendency = gap > 0 ? 'it is surer than it should be' : 'it is less sure than it could be';
  return section(
    'calibration',
    'Can its confidence be believed?',
    element(
      'p',
      {},
      `Expected calibration error ${percent(error)}, over ${bins} bins of the ${split} images. On average its confidence is ` +
        `${points} ${gap > 0 ? 'above' : 'below'} its accuracy${Math.abs(gap) < 0.005 ? '.' : `: ${tendency}.`}`,
    ),
    element('div', { class: 'pair' }, reliability(bars, error), histogram(bars, total)),
  );
}

const axis = {
  domain: [0, 1],
  label: null,
  ticks: [0, 0.2, 0.4, 0.6, 0.8, 1],
  tickFormat: (d: number) => percent(d, 0),
};
const confidenceAxis = { ...axis, label: 'confidence', labelArrow: 'none' };

function reliability(bars: readonly Bar[], error: number): PageElement {
  const label = `Reliability diagram: accuracy by confidence. Expected calibration error ${percent(error)}.`;
  const title = (bin: Bar) =>
    `confidence ${percent(bin.confidence)}, accuracy ${percent(bin.accuracy)}, ${plural(bin.count, 'image')}`;
  return chart('Accuracy by confidence; on the dashed line both agree', label, {
    x: confidenceAxis as Plot.ScaleOptions,
    y: axis,
    marks: [
      Plot.gridY({ ...grid, ticks: axis.ticks }),
      Plot.rect(bars, {
        x1: 'from',
        x2: 'to',
        y1: 0,
        y2: 'accuracy',
        fill: 'var(--validation)',
        fillOpacity: 0.3,
        inset: 0.5,
        title,
      }),
      Plot.line([0, 1], { x: (d: number) => d, y: (d: number) => d, stroke: 'var(--muted)', strokeDasharray: '5 4' }),
      Plot.dot(bars, { x: 'confidence', y: 'accuracy', fill: 'var(--validation)', r: 4, title }),
    ],
  });
}

function histogram(bars: readonly Bar[], total: number): PageElement {
  const surest = bars.at(-1);
  const label = `Number of predictions by confidence; ${percent((surest?.count ?? 0) / total, 0)} are in the highest bin.`;
  return chart('Predictions by confidence', label, {
    x: confidenceAxis as Plot.ScaleOptions,
    y: { label: null, ticks: 5, nice: true, tickFormat: (d: number) => count(d) },
    marks: [
      Plot.gridY({ ...grid, ticks: 5 }),
      Plot.rect(bars, {
        x1: 'from',
        x2: 'to',
        y1: 0,
        y2: 'count',
        fill: 'var(--muted)',
        inset: 0.5,
        title: (bin: Bar) => plural(bin.count, 'image'),
      }),
      Plot.ruleY([0], { stroke: 'var(--rule)' }),
    ],
  });
}
