import * as Plot from '@observablehq/plot';
import { grid } from '../../page/chart.ts';
import { element } from '../../page/element.ts';
import { columns } from '../../page/quantity.ts';
import { seriesColour, seriesLegend } from '../../page/series.ts';
import { inLanguage, type Text } from '../words.ts';
import type { Axis, FigureBase, FigureKind } from './figure.ts';
import { namePlaces } from './name-places.ts';
import { numberText } from './number-text.ts';
import { plotAxis } from './plot-axis.ts';
import { named, spoken } from './spoken.ts';
import { wideDrawing, wideWidth } from './wide-drawing.ts';

/** A point with its name beside it. */
export interface Point {
  readonly name: Text;
  readonly x: number;
  readonly y: number;
  /** The ends of y's interval. */
  readonly low?: number;
  readonly high?: number;
  /** What it has its colour by; points of one group are joined by a line. */
  readonly group: Text;
}

/** Things against two numbers each. */
export interface PointsFigure extends FigureBase {
  readonly kind: 'points';
  readonly x: Axis;
  readonly y: Axis;
  readonly points: readonly Point[];
}

export const points: FigureKind<PointsFigure> = {
  draw({ title, x, y, points: given }, language) {
    const say = (text: Text) => inLanguage(text, language);
    const groups = [...new Set(given.map(({ group }) => say(group)))];
    const shown = given.map(({ name, group, ...place }) => ({
      ...place,
      name: say(name),
      group: say(group),
      colour: seriesColour(groups.indexOf(say(group))),
    }));
    const tips = shown.map((one) =>
      named([one.name], [numberText(one.x, x.format), numberText(one.y, y.format)], language),
    );
    const across = domainOf(
      x,
      shown.map((one) => one.x),
    );
    const down = domainOf(
      y,
      shown.flatMap((one) => [one.y, one.low ?? one.y, one.high ?? one.y]),
    );
    const labels = namePlaces(
      shown.map((one) => ({
        x: frame.left + shareOf({ ...x, domain: across }, one.x) * inner.width,
        y: frame.top + (1 - shareOf({ ...y, domain: down }, one.y)) * inner.height,
        width: 7.2 * columns(one.name),
      })),
      { from: frame.left, to: wideWidth },
    );
    return element(
      'div',
      {},
      seriesLegend(groups),
      wideDrawing(say(title), spoken(say(title), tips, language), {
        height: frame.height,
        marginLeft: frame.left,
        marginRight: frame.right,
        marginTop: frame.top,
        marginBottom: frame.bottom,
        x: plotAxis({ ...x, domain: across }, language),
        y: plotAxis({ ...y, domain: down }, language),
        marks: [
          Plot.gridY({ ...grid, ticks: 5 }),
          ...groups.map((name, i) =>
            Plot.line(
              shown.filter(({ group }) => group === name),
              { x: 'x', y: 'y', stroke: seriesColour(i), strokeOpacity: 0.5, sort: 'x' },
            ),
          ),
          Plot.ruleX(
            shown.filter(({ low, high }) => low !== undefined && high !== undefined),
            { x: 'x', y1: 'low', y2: 'high', stroke: 'colour', strokeWidth: 2, strokeOpacity: 0.5 },
          ),
          Plot.dot(shown, { x: 'x', y: 'y', r: 5, fill: 'colour', title: (_: unknown, i: number) => tips[i] ?? '' }),
          ...shown.map((one, i) =>
            Plot.text([one], {
              x: 'x',
              y: 'y',
              text: 'name',
              dx: labels[i]?.isLeft ? -9 : 9,
              dy: labels[i]?.shift ?? 0,
              textAnchor: labels[i]?.isLeft ? 'end' : 'start',
              fill: 'currentColor',
              stroke: 'var(--page)',
              strokeWidth: 4,
            }),
          ),
        ],
      }),
    );
  },
  rows: ({ x, y, points: given }) => [
    ['name', 'group', inLanguage(x.label, 'en'), inLanguage(y.label, 'en'), 'low', 'high'],
    ...given.map(({ name, group, low, high, ...at }) => [
      inLanguage(name, 'en'),
      inLanguage(group, 'en'),
      at.x,
      at.y,
      low ?? null,
      high ?? null,
    ]),
  ],
};

const frame = { height: 360, left: 62, right: 32, top: 34, bottom: 42 };
const inner = { width: wideWidth - frame.left - frame.right, height: frame.height - frame.top - frame.bottom };

/** Of the axis, or of the values with room on both sides. */
function domainOf({ domain, scale }: Axis, values: readonly number[]): readonly [number, number] {
  if (domain) return domain;
  const finite = values.filter((value) => Number.isFinite(value) && (scale !== 'log' || value > 0));
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  if (scale === 'log') {
    const room = Math.max(1.25, (high / low) ** 0.12);
    return [low / room, high * room];
  }
  const room = 0.08 * (high - low) || Math.abs(high) * 0.1 || 1;
  return [low - room, high + room];
}

function shareOf({ domain = [0, 1], scale }: Axis, value: number): number {
  const place = scale === 'log' ? Math.log : Number;
  return (place(value) - place(domain[0])) / (place(domain[1]) - place(domain[0]));
}
