/** The HTML file around every page: nothing is fetched, and no script runs but the one that is known by its hash. */
import { createHash } from 'node:crypto';
import { type Child, element, titleElement } from './element.ts';
import { languageTags, type PageLanguage } from './words.ts';

/** What stands in the file. */
export interface HtmlFileOptions {
  readonly title: string;
  /** CSS text, of what is alike in light and dark; colours are the light ones. */
  readonly style: string;
  /** CSS text of what is otherwise in the dark. */
  readonly dark: string;
  /** The script's text, which may hold no `</script`; it runs at the end of the body. */
  readonly script: string;
  readonly body: readonly Child[];
  /** Default 'en'. */
  readonly language?: PageLanguage;
}

/** Printed pages are always light. */
const inTheDark = 'screen and (prefers-color-scheme: dark)';

/** A document's text. Whatever names and files hold, nothing is fetched and nothing else is run. */
export function htmlFile({ title, style, dark, script, body, language = 'en' }: HtmlFileOptions): string {
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = [
    "default-src 'none'",
    'img-src data:',
    "style-src 'unsafe-inline'",
    `script-src 'sha256-${hash}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    titleElement(title),
    element('style', {}, style),
    element('style', { id: 'dark', media: inTheDark }, dark),
  );
  const whole = element('body', {}, ...body, element('script', {}, script));
  return `<!doctype html>\n${element('html', { lang: languageTags[language] }, head, whole).outerHTML}\n`;
}
