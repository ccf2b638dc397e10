/** The reliability diagram (Guo et al. 2017, figure 1): accuracy by confidence, and how many predictions stand behind each bar. */
import * as Plot from '@observablehq/plot';
import { calibrationError, type ReliabilityBin } from '../../metrics/index.ts';
import { chart, grid, shareAxis } from '../page/chart.ts';
import type { PageElement } from '../page/element.ts';
import { count, percent, plural } from '../page/quantity.ts';

/** A bin that is not empty, with its bounds. */
interface Bar extends ReliabilityBin {
  readonly from: number;
  readonly to: number;
}

/** Sums over all predictions. */
export interface ReliabilitySummary {
  readonly total: number;
  /** Expected calibration error. */
  readonly error: number;
  /** Mean confidence minus accuracy. */
  readonly gap: number;
}

/** What the bins amount to. */
export function reliabilitySummary(bins: readonly ReliabilityBin[]): ReliabilitySummary {
  const bars = barsOf(bins);
  const total = bars.reduce((sum, bin) => sum + bin.count, 0);
  const mean = (of: (bin: Bar) => number) => bars.reduce((sum, bin) => sum + bin.count * of(bin), 0) / total;
  return {
    total,
    error: calibrationError(bins),
    gap: mean((bin) => bin.confidence) - mean((bin) => bin.accuracy),
  };
}

/** How far confidence is from accuracy, on average, and to which side. */
export function tendency(gap: number): string {
  const points = `${Math.abs(gap * 100).toFixed(1)} points`;
  const words = gap > 0 ? 'it is surer than it should be' : 'it is less sure than it could be';
  return `On average its confidence is ${points} ${gap > 0 ? 'above' : 'below'} its accuracy${Math.abs(gap) < 0.005 ? '.' : `: ${words}.`}`;
}

const confidenceAxis = { ...shareAxis, label: 'confidence', labelArrow: 'none' } as Plot.ScaleOptions;

/** Accuracy by confidence; on the dashed line both agree. @param colour a CSS colour */
export function reliabilityDiagram(
  caption: string,
  bins: readonly ReliabilityBin[],
  colour = 'var(--validation)',
): PageElement {
  const bars = barsOf(bins);
  const { error } = reliabilitySummary(bins);
  const label = `Reliability diagram: accuracy by confidence. Expected calibration error ${percent(error)}.`;
  const title = (bin: Bar) =>
    `confidence ${percent(bin.confidence)}, accuracy ${percent(bin.accuracy)}, ${plural(bin.count, 'image')}`;
  return chart(caption, label, {
    x: confidenceAxis,
    y: shareAxis,
    marks: [
      Plot.gridY({ ...grid, ticks: shareAxis.ticks }),
      Plot.rect(bars, {
        x1: 'from',
        x2: 'to',
        y1: 0,
        y2: 'accuracy',
        fill: colour,
        fillOpacity: 0.3,
        inset: 0.5,
        title,
      }),
      Plot.line([0, 1], { x: (d: number) => d, y: (d: number) => d, stroke: 'var(--muted)', strokeDasharray: '5 4' }),
      Plot.dot(bars, { x: 'confidence', y: 'accuracy', fill: colour, r: 4, title }),
    ],
  });
}

/** How many predictions have which confidence. */
export function confidenceHistogram(bins: readonly ReliabilityBin[]): PageElement {
  const bars = barsOf(bins);
  const { total } = reliabilitySummary(bins);
  const surest = bars.at(-1);
  const label = `Number of predictions by confidence; ${percent((surest?.count ?? 0) / total, 0)} are in the highest bin.`;
  return chart('Predictions by confidence', label, {
    x: confidenceAxis,
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

const barsOf = (bins: readonly ReliabilityBin[]): Bar[] =>
  bins.map((bin, i) => ({ ...bin, from: i / bins.length, to: (i + 1) / bins.length })).filter((bin) => bin.count > 0);
