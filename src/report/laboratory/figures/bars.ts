import * as Plot from '@observablehq/plot';
import { grid } from '../../page/chart.ts';
import { element } from '../../page/element.ts';
import { seriesColour, seriesLegend } from '../../page/series.ts';
import { inLanguage, type Text } from '../words.ts';
import type { Axis, FigureBase, FigureKind } from './figure.ts';
import { nameLines, namesWidth } from './name-lines.ts';
import { numberText } from './number-text.ts';
import { plotAxis } from './plot-axis.ts';
import { spoken } from './spoken.ts';
import { wideDrawing } from './wide-drawing.ts';

/** A bar with what it is called. */
export interface Bar {
  readonly name: Text;
  readonly value: number | null;
  /** The ends of an interval. */
  readonly low?: number;
  readonly high?: number;
  /** What it has its colour by; bars of one group need not stand together. */
  readonly group?: Text;
}

/** Bars from left to right, one below the other. */
export interface BarsFigure extends FigureBase {
  readonly kind: 'bars';
  readonly x: Axis;
  readonly bars: readonly Bar[];
}

const rowHeight = 26;
const lineHeight = 15;
const nameColumns = 30;

export const bars: FigureKind<BarsFigure> = {
  draw({ title, x, bars: given }, language) {
    const say = (text: Text) => inLanguage(text, language);
    const groups = [...new Set(given.flatMap(({ group }) => (group === undefined ? [] : [say(group)])))];
    const shown = given.map(({ name, value, low, high, group }, i) => ({
      row: `${i}`,
      name: say(name),
      value: value ?? Number.NaN,
      low,
      high,
      text: numberText(value, x.format),
      colour: seriesColour(group === undefined ? 0 : groups.indexOf(say(group))),
    }));
    const parts = shown.map(({ name, text }) => `${name} ${text}`);
    const names = shown.map(({ name }) => nameLines(name, nameColumns));
    const lines = Math.max(1, ...names.map(({ length }) => length));
    const ends = shown.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]).filter(Number.isFinite);
    const isLog = x.scale === 'log';
    const least = isLog ? Math.min(...ends.filter((end) => end > 0)) / 2 : Math.min(0, ...ends);
    const most = Math.max(...ends, least + (isLog ? least : 1e-9));
    return element(
      'div',
      {},
      ...(groups.length > 1 ? [seriesLegend(groups)] : []),
      wideDrawing(say(title), spoken(say(title), parts, language), {
        height: shown.length * (rowHeight + (lines - 1) * lineHeight) + 60,
        marginTop: 10,
        marginLeft: 20 + namesWidth(names),
        marginRight: 80,
        x: { ...plotAxis({ domain: [least, isLog ? most * 1.5 : most], ...x }, language) },
        y: {
          label: null,
          tickFormat: (row: string) => names[Number(row)]?.join('\n') ?? '',
          tickSize: 0,
          domain: shown.map(({ row }) => row),
        },
        marks: [
          Plot.gridX({ ...grid, ticks: 5 }),
          Plot.barX(shown, {
            y: 'row',
            x1: isLog ? least : 0,
            x2: 'value',
            fill: 'colour',
            fillOpacity: 0.8,
            insetTop: 3,
            insetBottom: 3,
          }),
          Plot.ruleY(
            shown.filter(({ low, high }) => low !== undefined && high !== undefined),
            { y: 'row', x1: 'low', x2: 'high', stroke: 'currentColor', strokeWidth: 1.5 },
          ),
          Plot.text(shown, {
            y: 'row',
            x: ({ value, high }: (typeof shown)[number]) => Math.max(high ?? value, isLog ? least : 0) || 0,
            text: 'text',
            dx: 8,
            textAnchor: 'start',
            fill: 'currentColor',
          }),
        ],
      }),
    );
  },
  rows: ({ x, bars: given }) => [
    ['name', 'group', inLanguage(x.label, 'en'), 'low', 'high'],
    ...given.map(({ name, group, value, low, high }) => [
      inLanguage(name, 'en'),
      group === undefined ? '' : inLanguage(group, 'en'),
      value,
      low ?? null,
      high ?? null,
    ]),
  ],
};
