import { type Child, element, type PageElement } from './element.ts';

export interface TableOptions {
  readonly caption?: PageElement;
  readonly head: readonly string[];
  /** Heads from this column on stand over numbers. */
  readonly numbersFrom: number;
  readonly rows: readonly PageElement[];
}

/** A table whose rows are made with `row`. */
export function table({ caption, head, numbersFrom, rows }: TableOptions): PageElement {
  const heads = head.map((text, i) =>
    element('th', { scope: 'col', ...(i >= numbersFrom && { class: 'number' }) }, text),
  );
  return element(
    'table',
    {},
    ...(caption ? [caption] : []),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
}

/** A row of cells, the first of which names it. */
export function row(name: Child, ...cells: readonly PageElement[]): PageElement {
  return element('tr', {}, element('th', { scope: 'row' }, name), ...cells);
}

/** A cell with a number. */
export const numberCell = (text: string): PageElement => element('td', { class: 'number' }, text);

/** A number over a bar that fills this share of its cell; `kind` is a class of the stylesheet. */
export function barCell(text: string, share: number, kind = ''): PageElement {
  return element('td', { class: `number bar ${kind}`.trim(), style: `--share: ${(100 * share).toFixed(1)}%` }, text);
}
