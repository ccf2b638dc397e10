import * as Plot from '@observablehq/plot';
import { drawing } from '../../page/chart.ts';
import { scrollBox } from '../../page/element.ts';
import { inLanguage, type Text } from '../words.ts';
import type { FigureBase, FigureKind, NumberFormat } from './figure.ts';
import { nameLines, namesWidth } from './name-lines.ts';
import { numberText } from './number-text.ts';
import { named, spoken } from './spoken.ts';

/** A value for each row and column, as a colour: darker is more. */
export interface MatrixFigure extends FigureBase {
  readonly kind: 'matrix';
  /** What rows and columns are. */
  readonly x: Text;
  readonly y: Text;
  readonly rows: readonly Text[];
  readonly columns: readonly Text[];
  /** By row, then column; null where there is nothing. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Default 'number'. */
  readonly format?: NumberFormat;
  /** Whether the numbers stand in the cells; default: up to ten columns. */
  readonly hasNumbers?: boolean;
}

const nameColumns = 24;

export const matrix: FigureKind<MatrixFigure> = {
  draw({ title, x, y, rows, columns, values, format, hasNumbers = columns.length <= 10 }, language) {
    const say = (text: Text) => inLanguage(text, language);
    const cells = values.flatMap((row, i) =>
      row.flatMap((value, j) =>
        value === null
          ? []
          : [
              {
                row: `${i}`,
                column: `${j}`,
                value,
                title: named([say(rows[i] ?? ''), say(columns[j] ?? '')], [numberText(value, format)], language),
              },
            ],
      ),
    );
    const [low, high] = [Math.min(...cells.map(({ value }) => value)), Math.max(...cells.map(({ value }) => value))];
    const depth = (value: number) => (high > low ? (value - low) / (high - low) : 0);
    const side = Math.max(hasNumbers ? 64 : 16, Math.min(hasNumbers ? 90 : 40, 640 / columns.length));
    const names = rows.map((name) => nameLines(say(name), nameColumns));
    const left = 44 + namesWidth(names);
    const step = Math.ceil((columns.length * 34) / Math.max(1, columns.length * side));
    return scrollBox(
      say(title),
      drawing(spoken(say(title), [`${numberText(low, format)} – ${numberText(high, format)}`], language), {
        width: left + columns.length * side + 20,
        height: rows.length * (hasNumbers ? 34 : Math.min(side, 30)) + 70,
        marginLeft: left,
        marginBottom: 50,
        x: {
          label: say(x),
          labelArrow: 'none',
          labelAnchor: 'center',
          domain: columns.map((_, j) => `${j}`),
          tickFormat: (j: string) => (Number(j) % step === 0 ? say(columns[Number(j)] ?? '') : ''),
          tickSize: 0,
        },
        y: {
          label: say(y),
          labelArrow: 'none',
          domain: rows.map((_, i) => `${i}`),
          tickFormat: (i: string) => names[Number(i)]?.join('\n') ?? '',
          tickSize: 0,
        },
        marks: [
          Plot.cell(cells, {
            x: 'column',
            y: 'row',
            fill: ({ value }: (typeof cells)[number]) =>
              `color-mix(in srgb, var(--train) ${(6 + 90 * depth(value)).toFixed(0)}%, var(--page))`,
            inset: 0.5,
            title: 'title',
          }),
          ...(hasNumbers
            ? [
                Plot.text(cells, {
                  x: 'column',
                  y: 'row',
                  text: ({ value }: (typeof cells)[number]) => numberText(value, format),
                  fill: ({ value }: (typeof cells)[number]) => (depth(value) > 0.5 ? 'var(--page)' : 'currentColor'),
                }),
              ]
            : []),
        ],
      }),
      'matrix',
    );
  },
  rows: ({ rows, columns, values }) => [
    ['', ...columns.map((name) => inLanguage(name, 'en'))],
    ...values.map((row, i) => [inLanguage(rows[i] ?? '', 'en'), ...row]),
  ],
};
