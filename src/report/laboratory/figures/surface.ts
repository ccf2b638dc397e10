import * as Plot from '@observablehq/plot';
import { drawing } from '../../page/chart.ts';
import { element } from '../../page/element.ts';
import { inLanguage, type Language, type Text } from '../words.ts';
import type { FigureBase, FigureKind } from './figure.ts';
import { numberText } from './number-text.ts';
import { named } from './spoken.ts';

/** A value over a plane, by lines of equal height; planes side by side share their levels. */
export interface SurfaceFigure extends FigureBase {
  readonly kind: 'surface';
  readonly x: Text;
  readonly y: Text;
  readonly value: Text;
  readonly planes: readonly {
    readonly name: Text;
    /** At equal distances. */
    readonly xs: readonly number[];
    readonly ys: readonly number[];
    /** By y, then x; null where it is not finite. */
    readonly values: readonly (readonly (number | null)[])[];
  }[];
}

type Plane = SurfaceFigure['planes'][number];

const levels = 14;

export const surface: FigureKind<SurfaceFigure> = {
  draw(figure, language) {
    const values = figure.planes.flatMap(finiteValues).filter((value) => value > 0);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const thresholds = Array.from({ length: levels }, (_, i) => low * (high / low) ** (i / levels));
    return element(
      'div',
      { class: 'pair' },
      ...figure.planes.map((plane) => draw(figure, plane, thresholds, language)),
    );
  },
  rows: ({ planes, value }) => [
    ['plane', 'x', 'y', inLanguage(value, 'en')],
    ...planes.flatMap(({ name, xs, ys, values }) =>
      values.flatMap((row, i) => row.map((one, j) => [inLanguage(name, 'en'), xs[j] ?? null, ys[i] ?? null, one])),
    ),
  ],
};

const finiteValues = ({ values }: Plane): number[] => values.flatMap((row) => row.flatMap((value) => value ?? []));

function draw({ x, y, value }: SurfaceFigure, plane: Plane, thresholds: readonly number[], language: Language) {
  const { name, xs, ys, values } = plane;
  const all = finiteValues(plane);
  const say = (text: Text) => inLanguage(text, language);
  const range = `${say(value)} ${numberText(Math.min(...all))} – ${numberText(Math.max(...all))}`;
  const label = named([say(name)], [range], language);
  const [first = 1, last = first] = [thresholds[0], thresholds.at(-1)];
  // what is not finite stands above all levels; between points the logarithm is interpolated, so that levels keep apart on steep sides
  const heights = values.flatMap((row, i) =>
    row.map((one, j) => ({ x: xs[j] ?? 0, y: ys[i] ?? 0, height: Math.log(Math.max(first, one ?? 2 * last)) })),
  );
  const levelHeights = thresholds.map(Math.log);
  return element(
    'figure',
    {},
    element('figcaption', {}, label),
    drawing(label, {
      width: 440,
      height: 420,
      marginTop: 34,
      marginBottom: 42,
      x: { label: say(x), labelArrow: 'none', ticks: 5 },
      y: { label: say(y), labelArrow: 'none', ticks: 5 },
      marks: [
        Plot.contour(heights, {
          x: 'x',
          y: 'y',
          value: 'height',
          interpolate: 'barycentric',
          fill: 'value',
          stroke: 'var(--page)',
          strokeWidth: 0.6,
          thresholds: levelHeights,
        }),
      ],
      color: { type: 'threshold', domain: levelHeights.slice(1), range: thresholds.map((_, i) => shade(i)) },
    } as Plot.PlotOptions),
  );
}

const shade = (level: number) =>
  `color-mix(in srgb, var(--train) ${Math.round(4 + (92 * level) / (levels - 1))}%, var(--page))`;
