/** The kinds of figures: a file each, and a line here. */
import { element, type PageElement } from '../../page/element.ts';
import { inLanguage, type Language } from '../words.ts';
import { type BarsFigure, bars } from './bars.ts';
import type { FigureKind } from './figure.ts';
import { type LinesFigure, lines } from './lines.ts';
import { type MatrixFigure, matrix } from './matrix.ts';
import { type PointsFigure, points } from './points.ts';
import { type SurfaceFigure, surface } from './surface.ts';
import { type TableFigure, table } from './table.ts';

/** What an experiment shows. */
export type Figure = LinesFigure | BarsFigure | PointsFigure | MatrixFigure | SurfaceFigure | TableFigure;

const kinds = { lines, bars, points, matrix, surface, table } as const;

const kindOf = (figure: Figure) => kinds[figure.kind] as FigureKind<Figure>;

/** The figure with its note, but without its title. */
export const drawFigure = (figure: Figure, language: Language): PageElement =>
  element(
    'div',
    { class: 'laboratory-figure' },
    kindOf(figure).draw(figure, language),
    ...(figure.note === undefined ? [] : [element('p', { class: 'note' }, inLanguage(figure.note, language))]),
  );

/** Its numbers as rows; the first one names the columns. Null where nothing was measured, or what was is not finite. */
export const figureRows = (figure: Figure): (string | number | null)[][] =>
  kindOf(figure)
    .rows(figure)
    .map((row) => row.map((cell) => (typeof cell === 'number' && !Number.isFinite(cell) ? null : cell)));
