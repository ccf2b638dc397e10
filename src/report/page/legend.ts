/** What colours and strokes of charts mean. */
import { element, type PageElement } from './element.ts';

/** A line of entries. */
export const legend = (...entries: readonly PageElement[]): PageElement =>
  element('p', { class: 'legend' }, ...entries);

/** An entry: a sample of a stroke, and its meaning. @param kind a class of the stylesheet: train, validation, third, fourth, best, even */
export const key = (kind: string, text: string): PageElement =>
  element('span', {}, element('i', { class: `key ${kind}`, 'aria-hidden': 'true' }), text);
