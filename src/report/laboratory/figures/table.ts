import { element, scrollBox } from '../../page/element.ts';
import { numberCell, row, table as tableElement } from '../../page/table.ts';
import { inLanguage, type Text } from '../words.ts';
import type { FigureBase, FigureKind, NumberFormat } from './figure.ts';
import { numberText } from './number-text.ts';

/** Rows whose first cell names them. */
export interface TableFigure extends FigureBase {
  readonly kind: 'table';
  readonly columns: readonly { readonly label: Text; readonly format?: NumberFormat }[];
  /** A cell that is null was not measured. */
  readonly rows: readonly (readonly (Text | number | null)[])[];
}

export const table: FigureKind<TableFigure> = {
  draw({ title, columns, rows }, language) {
    const say = (text: Text) => inLanguage(text, language);
    const isNumber = (i: number) => rows.every((cells) => cells[i] === null || typeof cells[i] === 'number');
    const firstNumber = columns.findIndex((_, i) => i > 0 && isNumber(i));
    return scrollBox(
      say(title),
      tableElement({
        head: columns.map(({ label }) => say(label)),
        numbersFrom: firstNumber < 0 ? columns.length : firstNumber,
        rows: rows.map(([name = '', ...cells]) =>
          row(
            typeof name === 'number' ? numberText(name, columns[0]?.format) : say(name ?? '–'),
            ...cells.map((cell, i) =>
              cell === null || typeof cell === 'number'
                ? numberCell(numberText(cell, columns[i + 1]?.format), cell ?? Number.NaN)
                : element('td', {}, say(cell)),
            ),
          ),
        ),
      }),
    );
  },
  rows: ({ columns, rows }) => [
    columns.map(({ label }) => inLanguage(label, 'en')),
    ...rows.map((cells) => cells.map((cell) => (typeof cell === 'object' && cell !== null ? cell.en : cell))),
  ],
};
