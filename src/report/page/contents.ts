/** The list of a page's sections: beside them where there is room, else a bar on top that opens. */
import { element, type PageElement } from './element.ts';
import { headingOf, type Section } from './section.ts';
import { type PageLanguage, words } from './words.ts';

/** Links to the sections; the button for light and dark, which the page's script shows. */
export function contentsOf<D>(sections: readonly Section<D>[], data: D, language: PageLanguage): PageElement {
  const links = sections.map((section) =>
    element('li', {}, element('a', { href: `#${section.id}` }, headingOf(section, data))),
  );
  return element(
    'nav',
    { class: 'contents', 'aria-label': words.contents[language] },
    element('details', { open: '' }, element('summary', {}, words.contents[language]), element('ol', {}, ...links)),
    themeButton(language),
  );
}

/** Turns a page from light to dark and back; hidden until a script is there to do it. */
export const themeButton = (language: PageLanguage = 'en'): PageElement =>
  element(
    'button',
    { type: 'button', class: 'theme', hidden: '', title: words.theme[language], 'aria-label': words.theme[language] },
    element('i', { 'aria-hidden': 'true' }),
  );
