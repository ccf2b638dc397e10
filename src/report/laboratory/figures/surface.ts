import * as Plot from '@observablehq/plot';
import { drawing } from '../../page/chart.ts';
import { element } from '../../page/element.ts';
import { inLanguage, type Language, type Text } from '../words.ts';
import type { FigureBase, FigureKind } from './figure.ts';
import { numberText } from './number-text.ts';

/** A value over a plane, by lines of equal height; planes side by side share their levels. */
export interface SurfaceFigure extends FigureBase {
  readonly kind: 'surface';
  readonly x: Text;
  readonly y: Text;
  readonly value: Text;
  readonly planes: readonly {
    readonly name: Text;
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
    const thresholds = Array.from({ length: levels }, (_, i) => low * (high / low) ** (i / (levels - 1)));
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
  const cells = values.flatMap((row, i) =>
    row.flatMap((one, j) => (one === null || one <= 0 ? [] : [{ x: xs[j] ?? 0, y: ys[i] ?? 0, value: one }])),
  );
  const [first, last] = [thresholds[0] ?? 1, thresholds.at(-1) ?? 1];
  const depth = (at: number) => Math.log(at / first) / Math.log(last / first || Math.E);
  const all = finiteValues(plane);
  const say = (text: Text) => inLanguage(text, language);
  const label = `${say(name)}: ${say(value)} ${numberText(Math.min(...all))} – ${numberText(Math.max(...all))}`;
  return element(
    'figure',
    {},
    element('figcaption', {}, label),
    drawing(label, {
      width: 440,
      height: 400,
      x: { label: say(x), labelArrow: 'none' },
      y: { label: say(y), labelArrow: 'none' },
      marks: [
        Plot.contour(cells, {
          x: 'x',
          y: 'y',
          value: 'value',
          interpolate: 'nearest',
          blur: 1,
          thresholds: [...thresholds],
          fill: (at: number) => at,
          stroke: 'var(--page)',
          strokeWidth: 0.6,
        }),
      ],
      color: {
        type: 'threshold',
        domain: thresholds.slice(1) as number[],
        range: thresholds.map(
          (at) => `color-mix(in srgb, var(--train) ${(4 + 92 * depth(at)).toFixed(0)}%, var(--page))`,
        ),
      },
    } as Plot.PlotOptions),
  );
}
