import * as Plot from '@observablehq/plot';
import { grid } from '../../page/chart.ts';
import { element } from '../../page/element.ts';
import { seriesColour, seriesLegend } from '../../page/series.ts';
import { inLanguage, type Language, type Text } from '../words.ts';
import type { Axis, FigureBase, FigureKind } from './figure.ts';
import { numberText } from './number-text.ts';
import { plotAxis } from './plot-axis.ts';
import { named, spoken } from './spoken.ts';
import { wideDrawing } from './wide-drawing.ts';

/** A line of a chart. */
export interface Series {
  readonly name: Text;
  /** Where y is null nothing was measured, and the line has a gap. */
  readonly points: readonly (readonly [x: number, y: number | null])[];
  /** Around each point, where there is a spread. */
  readonly band?: readonly (readonly [low: number, high: number])[];
  /** For what was not measured here: a paper's curve. */
  readonly isDashed?: boolean;
}

/** Lines over numbers. */
export interface LinesFigure extends FigureBase {
  readonly kind: 'lines';
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** Whether points are marked; default: where a line has at most 40. */
  readonly hasDots?: boolean;
}

export const lines: FigureKind<LinesFigure> = {
  draw(figure, language) {
    const { x, y, series, hasDots } = figure;
    const say = (text: Text) => inLanguage(text, language);
    const shown = series.map(({ name, points, band, isDashed }, place) => ({
      colour: seriesColour(place),
      isDashed: isDashed === true,
      points: points.map(([at, value], i) => ({
        x: at,
        y: shownOn(y, value),
        low: shownOn(y, band?.[i]?.[0] ?? null),
        high: shownOn(y, band?.[i]?.[1] ?? null),
        title: named([say(name)], [numberText(at, x.format), numberText(value, y.format)], language),
      })),
      hasBand: band !== undefined,
    }));
    const label = spoken(
      say(figure.title),
      series.map((one) => endText(one, y, language)),
      language,
    );
    return element(
      'div',
      {},
      seriesLegend(series.map(({ name }) => say(name))),
      wideDrawing(say(figure.title), label, {
        height: 340,
        marginLeft: 58,
        // half of the last tick's text
        marginRight: 32,
        x: { ...plotAxis(x, language), ...wholeTicks(x, series) },
        y: plotAxis(y, language),
        marks: [
          Plot.gridY({ ...grid, ticks: 5 }),
          ...shown.flatMap(({ points, colour, isDashed, hasBand }) => [
            ...(hasBand
              ? [Plot.areaY(points, { x: 'x', y1: 'low', y2: 'high', fill: colour, fillOpacity: 0.15 })]
              : []),
            Plot.line(points, {
              x: 'x',
              y: 'y',
              stroke: colour,
              strokeWidth: 2,
              ...(isDashed && { strokeDasharray: '5 4' }),
            }),
            ...((hasDots ?? points.length <= 40)
              ? [
                  Plot.dot(
                    points.filter((point) => Number.isFinite(point.y)),
                    { x: 'x', y: 'y', r: 2.5, fill: colour, title: 'title' },
                  ),
                ]
              : []),
          ]),
        ],
      }),
    );
  },
  rows({ series, x, y }) {
    const hasBands = series.some(({ band }) => band !== undefined);
    return [
      ['series', inLanguage(x.label, 'en'), inLanguage(y.label, 'en'), ...(hasBands ? ['low', 'high'] : [])],
      ...series.flatMap(({ name, points, band }) =>
        points.map(([at, value], i) => [
          inLanguage(name, 'en'),
          at,
          value,
          ...(hasBands ? [band?.[i]?.[0] ?? null, band?.[i]?.[1] ?? null] : []),
        ]),
      ),
    ];
  },
};

/** A few whole numbers, such as epochs, have nothing between them; large ones, such as multiply-adds, have. */
function wholeTicks({ format }: Axis, series: readonly Series[]): { ticks: number[] } | undefined {
  if (format !== undefined && format !== 'count') return undefined;
  const places = [...new Set(series.flatMap(({ points }) => points.map(([at]) => at)))].sort((a, b) => a - b);
  return places.length <= 10 && places.every(Number.isInteger) ? { ticks: places } : undefined;
}

/** Nothing of it can be drawn where the scale has no place for it. */
const shownOn = ({ scale }: Axis, value: number | null): number =>
  value === null || (scale === 'log' && value <= 0) ? Number.NaN : value;

function endText({ name, points }: Series, y: Axis, language: Language): string {
  const measured = points.filter(([, value]) => value !== null);
  const [first, last] = [measured[0], measured.at(-1)].map((point) => numberText(point?.[1] ?? null, y.format));
  return `${inLanguage(name, language)} ${first} → ${last}`;
}
