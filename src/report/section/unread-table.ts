import { element, named, type PageElement, scrollBox } from '../page/element.ts';
import { row, table } from '../page/table.ts';

/** An image that could not be read. */
export interface UnreadImage {
  readonly path: string;
  readonly message: string;
  /** Where several splits were read. */
  readonly split?: string;
}

/** The files and what is wrong with each. */
export function unreadTable(images: readonly UnreadImage[]): PageElement {
  const hasSplits = images.some(({ split }) => split !== undefined);
  const rows = images.map(({ split = '', path, message }) => {
    const why = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
    return row(named(path), ...(hasSplits ? [element('td', {}, split)] : []), element('td', {}, why));
  });
  const list = table({ head: ['file', ...(hasSplits ? ['split'] : []), 'what is wrong'], numbersFrom: 3, rows });
  return rows.length > 10 ? scrollBox('Images that could not be read', list, 'tall') : list;
}
