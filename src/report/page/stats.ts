/** The numbers on top of a page, and its facts below them. */
import { element, type PageElement } from './element.ts';

/** A number with what it is called and, where there is more to say, a note. */
export interface Stat {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

/** Numbers on cards; `isFirstLarge` where the first is what the page is about. */
export function stats(all: readonly Stat[], { isFirstLarge = true } = {}): PageElement {
  return element(
    'div',
    { class: 'stats' },
    ...all.map(({ label, value, note = '' }, i) =>
      element(
        'div',
        { class: isFirstLarge && i === 0 ? 'stat first' : 'stat' },
        element('span', { class: 'label' }, label),
        element('strong', {}, value),
        ...(note === '' ? [] : [element('span', { class: 'note' }, note)]),
      ),
    ),
  );
}

/** Rows of a label and its text, in columns where there is room; a long text, or with `isWide` each, has the whole width. */
export function factList(
  rows: readonly (readonly [label: string, text: string])[],
  { isWide = false } = {},
): PageElement {
  return element(
    'dl',
    { class: 'facts' },
    ...rows.map(([label, text]) =>
      element(
        'div',
        isWide || text.length > 90 ? { class: 'wide' } : {},
        element('dt', {}, label),
        element('dd', {}, text),
      ),
    ),
  );
}
