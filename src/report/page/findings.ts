/** What a page says in short: each with the word that it is about. */
import { type Child, element, type PageElement } from './element.ts';

/** A sentence or two. */
export interface Finding {
  /** `does well`, `to do next`: a word or two. */
  readonly about: string;
  readonly says: readonly Child[];
}

/** The findings as a list. */
export const findingList = (findings: readonly Finding[]): PageElement =>
  element(
    'ul',
    { class: 'findings' },
    ...findings.map(({ about, says }) => element('li', {}, element('b', {}, about), element('div', {}, ...says))),
  );
