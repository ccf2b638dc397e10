/** Elements of pages, made in linkedom's document: text stays text, whatever a class or a folder is called. */
import { parseHTML } from 'linkedom';

/** As much of a DOM element as pages need; Node's types know none. */
export interface PageElement {
  setAttribute(name: string, value: string): void;
  append(...children: readonly Child[]): void;
  readonly outerHTML: string;
}

/** What stands in an element: another one, or text. */
export type Child = PageElement | string;

/** What Plot draws into. */
export const document = parseHTML('<!doctype html><html></html>').document as {
  createElement(tag: string): PageElement;
};

/** An element with its attributes and children; an attribute that is undefined is left out. */
export function element(
  tag: string,
  attributes: Readonly<Record<string, string | undefined>> = {},
  ...children: readonly Child[]
): PageElement {
  const made = document.createElement(tag);
  // of an attribute, linkedom escapes the quotes alone
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined) made.setAttribute(name, escaped(value));
  made.append(...children);
  return made;
}

/** The page's title. linkedom writes the text of a <title> raw, so that it must be escaped here. */
export function titleElement(text: string): PageElement {
  return element('title', {}, escaped(text));
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A name from a user's folders: isolated, since it may run from right to left. */
export const named = (name: string): PageElement => element('bdi', {}, name);

/** A box in which something too wide or too long scrolls, also with the keyboard. */
export function scrollBox(label: string, content: PageElement, kind = ''): PageElement {
  return element(
    'div',
    { class: `scroll ${kind}`.trim(), tabindex: '0', role: 'region', 'aria-label': label },
    content,
  );
}
