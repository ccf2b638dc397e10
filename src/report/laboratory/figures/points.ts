import * as Plot from '@observablehq/plot';
import { drawing, grid } from '../../page/chart.ts';
import { element } from '../../page/element.ts';
import { seriesColour, seriesLegend } from '../../page/series.ts';
import { inLanguage, type Text } from '../words.ts';
import type { Axis, FigureBase, FigureKind } from './figure.ts';
import { numberText } from './number-text.ts';
import { plotAxis } from './plot-axis.ts';

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
    const spoken = shown.map((one) => `${one.name}: ${numberText(one.x, x.format)}, ${numberText(one.y, y.format)}`);
    return element(
      'div',
      {},
      seriesLegend(groups),
      drawing(`${say(title)}. ${spoken.join('; ')}.`, {
        width: 720,
        height: 340,
        marginLeft: 58,
        marginRight: 90,
        x: plotAxis(x, language),
        y: plotAxis(y, language),
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
          Plot.dot(shown, { x: 'x', y: 'y', r: 5, fill: 'colour', title: (_: unknown, i: number) => spoken[i] ?? '' }),
          Plot.text(shown, {
            x: 'x',
            y: 'y',
            text: 'name',
            dx: 9,
            textAnchor: 'start',
            fill: 'currentColor',
            stroke: 'var(--page)',
            strokeWidth: 4,
          }),
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
