/** Tables whose rows a reader can sort by any column; numbers keep their value beside their text. */
import { type Child, element, type PageElement } from './element.ts';

export interface TableOptions {
  readonly caption?: PageElement;
  readonly head: readonly string[];
  /** Heads from this column on stand over numbers. */
  readonly numbersFrom: number;
  readonly rows: readonly PageElement[];
  /** The column by which the rows are in order as they are given. */
  readonly sorted?: { readonly by: number; readonly direction: 'ascending' | 'descending' };
  /** Whether a reader can sort it; default: where it has three rows and more. */
  readonly isSortable?: boolean;
}

/** Below this, there is nothing to sort. */
const fewest = 3;

/** A table whose rows are made with `row`. */
export function table({
  caption,
  head,
  numbersFrom,
  rows,
  sorted,
  isSortable = rows.length >= fewest,
}: TableOptions): PageElement {
  const heads = head.map((text, i) =>
    element(
      'th',
      {
        scope: 'col',
        class: i >= numbersFrom ? 'number' : undefined,
        'aria-sort': sorted?.by === i ? sorted.direction : undefined,
      },
      text,
    ),
  );
  return element(
    'table',
    isSortable ? { class: 'sortable' } : {},
    ...(caption ? [caption] : []),
    element('thead', {}, element('tr', {}, ...heads)),
    element('tbody', {}, ...rows),
  );
}

/** A row of cells, the first of which names it. */
export function row(name: Child, ...cells: readonly PageElement[]): PageElement {
  return element('tr', {}, element('th', { scope: 'row' }, name), ...cells);
}

/** A cell with a number: its text, and the value that it sorts by; not finite where nothing was measured. */
export const numberCell = (text: string, value: number): PageElement =>
  element('td', { class: 'number', 'data-value': valueText(value) }, text);

/** A number over a bar that fills this share of its cell; `kind` is a class of the stylesheet. */
export function barCell(text: string, share: number, kind = '', value = share): PageElement {
  const filled = Math.max(0, Math.min(1, share || 0));
  return element(
    'td',
    {
      class: `number bar ${kind}`.trim(),
      style: `--share: ${(100 * filled).toFixed(1)}%`,
      'data-value': valueText(value),
    },
    text,
  );
}

const valueText = (value: number): string => (Number.isFinite(value) ? String(value) : '');
