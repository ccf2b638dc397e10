/** The builder of all pages: a header, the sections that have something to show, a list of them, and a footer. */

import { darkColours } from './colours.ts';
import { contentsOf } from './contents.ts';
import { type Child, element } from './element.ts';
import { htmlFile } from './html-file.ts';
import { pageScript } from './page-script.ts';
import { drawSection, type Section, shownSections } from './section.ts';
import { stylesheet } from './stylesheet.ts';
import { type PageLanguage, words } from './words.ts';

/** What a kind of page consists of. */
export interface PageLayout<D> {
  /** 'Training report', 'Evaluation', … above the title. */
  readonly kind: string;
  /** Of the browser's tab. */
  readonly title: (data: D) => string;
  /** The h1, what the page is about, the numbers on top, facts. */
  readonly header: (data: D) => readonly Child[];
  readonly sections: readonly Section<D>[];
  readonly footer: (data: D) => string;
  /** CSS that it needs besides that of all pages. */
  readonly style?: string;
  /** Of its text; default 'en'. */
  readonly language?: PageLanguage;
}

/** One self-contained HTML file: no network, light and dark, phone and desktop, sortable tables; without its script it reads as well. */
export function page<D>(layout: PageLayout<D>, data: D): string {
  const { kind, title, header, sections, footer, style = '', language = 'en' } = layout;
  const shown = shownSections(sections, data);
  const body = [
    element('a', { class: 'skip', href: '#content' }, words.skip[language]),
    element(
      'div',
      { class: 'page' },
      contentsOf(shown, data, language),
      element(
        'main',
        { id: 'content' },
        element('header', {}, element('p', { class: 'kind' }, kind), ...header(data)),
        ...shown.map((section) => drawSection(section, data)),
        element('footer', {}, footer(data)),
      ),
    ),
  ];
  return htmlFile({
    title: title(data),
    style: stylesheet + style,
    dark: darkColours,
    script: pageScript,
    body,
    language,
  });
}
