/** What an experiment shows, as data: a figure is drawn on pages and written as CSV from the same record. */
import type { PageElement } from '../../page/element.ts';
import type { Language, Text } from '../words.ts';

/** How numbers of an axis or a column are written. */
export type NumberFormat = 'number' | 'count' | 'percent' | 'seconds' | 'memory' | 'multiplyAdds';

/** What all figures have. */
export interface FigureBase {
  /** Of the file with its numbers, and of links to it: `norms-by-layer`; unique on a page. */
  readonly id: string;
  readonly title: Text;
  /** A sentence or two below it. */
  readonly note?: Text;
}

/** An axis of numbers. */
export interface Axis {
  readonly label: Text;
  /** Default 'linear'. */
  readonly scale?: 'linear' | 'log';
  /** Default 'number'. */
  readonly format?: NumberFormat;
  /** Default: from the data. */
  readonly domain?: readonly [number, number];
}

/** A kind of figure: how it is drawn, and what rows its file has. */
export interface FigureKind<F extends FigureBase> {
  draw(figure: F, language: Language): PageElement;
  /** The first row names the columns. */
  rows(figure: F): (string | number | null)[][];
}
