/** Accuracy against what it costs, with the Pareto front: the networks that nobody beats in one without losing in the other. */

import * as Plot from '@observablehq/plot';
import { chart, grid } from '../page/chart.ts';
import { duration, tickDuration } from '../page/duration.ts';
import { element, type PageElement } from '../page/element.ts';
import { columns, count, multiplyAdds, percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { seriesColour } from '../page/series.ts';
import { chartName } from './chart-name.ts';
import type { ComparisonData, ShownNetwork } from './comparison-data.ts';
import { labelShifts } from './label-places.ts';

/** What accuracy is drawn against. */
interface Cost {
  readonly caption: string;
  readonly of: (network: ShownNetwork) => number;
  readonly isFront: (network: ShownNetwork) => boolean;
  readonly text: (value: number) => string;
  /** Of the axis, and values that are whole there. */
  readonly tick: (value: number) => string;
  readonly wholes: readonly (readonly number[])[];
}

const powers = Array.from({ length: 16 }, (_, i) => 10 ** i);
/** These of each power of ten. */
const decimals = [[1, 1.5, 2, 3, 4, 5, 6, 8], [1, 2, 5], [1, 3], [1]].map((steps) =>
  powers.flatMap((power) => steps.map((step) => step * power)),
);
const times = [
  [1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 40, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700],
  [1, 3, 10, 30, 60, 180, 600, 1800],
  [1, 10, 60, 600],
].map((wholes) => [...wholes, ...[1, 2, 4, 8, 16, 32, 64].map((hours) => hours * 3600)]);
/** 50 M for 50.0 M. */
const short = (value: number) => multiplyAdds(value).replace(/\.0+ /, ' ');

const costs: readonly Cost[] = [
  {
    caption: 'Multiply-adds for one image',
    of: ({ macs }) => macs,
    isFront: ({ pareto }) => pareto.macs,
    text: multiplyAdds,
    tick: short,
    wholes: decimals,
  },
  {
    caption: 'Parameters',
    of: ({ params }) => params,
    isFront: ({ pareto }) => pareto.params,
    text: count,
    tick: short,
    wholes: decimals,
  },
  {
    caption: 'Time of a training',
    of: ({ seconds }) => seconds,
    isFront: ({ pareto }) => pareto.seconds,
    text: duration,
    tick: tickDuration,
    wholes: times,
  },
];

export const tradeOffs = defineSection<ComparisonData>({
  id: 'trade-offs',
  heading: 'What accuracy costs',
  isShown: ({ networks }) => networks.length > 1,
  draw: ({ networks }) => [
    element(
      'p',
      {},
      'Up is more accurate, left is cheaper. The dashed line is the Pareto front: networks that no other one beats in accuracy or cost without losing in the other. Bars are 95 % intervals.',
    ),
    element('div', { class: 'pair' }, ...costs.map((cost) => trade(cost, networks))),
  ],
});

const frame = { width: 440, height: 280, left: 46, right: 18, top: 18, bottom: 36 };

function trade({ caption, of, isFront, text, tick, wholes }: Cost, networks: readonly ShownNetwork[]): PageElement {
  const points = networks.map((network, place) => ({
    name: network.name,
    cost: of(network),
    mean: network.top1.mean,
    low: network.top1.low,
    high: network.top1.high,
    colour: seriesColour(place),
    isFront: isFront(network),
  }));
  const x = costDomain(points.map(({ cost }) => cost));
  const y = shareDomain(points.flatMap(({ low, high, mean }) => [low, high, mean]));
  const front = points.filter((point) => point.isFront).sort((a, b) => a.cost - b.cost);
  const labelled = withLabels(points, x, y);
  const label = `Accuracy by ${caption.toLowerCase()}. ${points
    .map(
      ({ name, cost, mean, isFront }) =>
        `${name}: ${percent(mean)} for ${text(cost)}${isFront ? ', on the front' : ''}`,
    )
    .join('; ')}.`;
  return chart(caption, label, {
    width: frame.width,
    height: frame.height,
    marginRight: frame.right,
    x: { type: 'log', domain: x, label: null, ticks: ticksWithin(x, wholes), tickFormat: tick },
    y: { domain: y, label: null, ticks: 5, tickFormat: (share: number) => percent(share, y[1] - y[0] < 0.04 ? 1 : 0) },
    marks: [
      Plot.gridY({ ...grid, ticks: 5 }),
      Plot.line(front, { x: 'cost', y: 'mean', stroke: 'var(--muted)', strokeDasharray: '4 4', strokeWidth: 1.5 }),
      Plot.ruleX(points, { x: 'cost', y1: 'low', y2: 'high', stroke: 'colour', strokeWidth: 2, strokeOpacity: 0.55 }),
      Plot.dot(points, {
        x: 'cost',
        y: 'mean',
        r: 5.5,
        fill: ({ isFront, colour }: (typeof points)[number]) => (isFront ? colour : 'var(--page)'),
        stroke: 'colour',
        strokeWidth: 2,
        title: ({ name, cost, mean }: (typeof points)[number]) => `${name}: ${percent(mean)} for ${text(cost)}`,
      }),
      ...labelled.map(({ point, shift, isLeft }) =>
        Plot.text([point], {
          x: 'cost',
          y: 'mean',
          text: ({ name }: (typeof points)[number]) => chartName(name),
          dx: isLeft ? -11 : 11,
          dy: shift,
          textAnchor: isLeft ? 'end' : 'start',
          fill: 'currentColor',
          stroke: 'var(--page)',
          strokeWidth: 4,
        }),
      ),
    ],
  });
}

interface Point {
  readonly name: string;
  readonly cost: number;
  readonly mean: number;
}

/** Names stand on the side that has more room. */
function withLabels<P extends Point>(points: readonly P[], x: readonly [number, number], y: readonly [number, number]) {
  const across = (cost: number) =>
    frame.left + (Math.log(cost / x[0]) / Math.log(x[1] / x[0])) * (frame.width - frame.left - frame.right);
  const down = (share: number) =>
    frame.top + ((y[1] - share) / (y[1] - y[0])) * (frame.height - frame.top - frame.bottom);
  const placed = points.map(({ name, cost, mean }) => ({
    x: across(cost),
    y: down(mean),
    width: 7.2 * columns(chartName(name)),
    isLeft: across(cost) > (frame.left + frame.width) / 2,
  }));
  const shifts = labelShifts(placed);
  return points.map((point, i) => ({ point, shift: shifts[i] ?? 0, isLeft: placed[i]?.isLeft ?? false }));
}

/** With room on both sides. */
function costDomain(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(1.25, (high / low) ** 0.12);
  return [low / room, high * room];
}

/** As many as have room. */
function ticksWithin([low, high]: readonly [number, number], wholes: Cost['wholes']): number[] {
  const choices = wholes.map((values) => values.filter((value) => value >= low && value <= high));
  return choices.find(({ length }) => length <= 5) ?? choices.at(-1) ?? [];
}

/** Of all intervals, with a little room, between 0 and 1. */
function shareDomain(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.005, 0.08 * (high - low));
  return [Math.max(0, low - room), Math.min(1, high + room)];
}
