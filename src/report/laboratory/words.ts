/** Text in the languages of the laboratory's pages. */
import type { PageLanguage } from '../page/words.ts';

/** Of a page; `zh` is simplified Chinese. */
export type Language = PageLanguage;

/** All of them. */
export const languages: readonly Language[] = ['en', 'zh'];

/** The same in each language. */
export type Words = Readonly<Record<Language, string>>;

/** What is alike in all languages, such as the name of a network, or what is not. */
export type Text = string | Words;

/** The text in a language. */
export const inLanguage = (text: Text, language: Language): string =>
  typeof text === 'string' ? text : text[language];

/** The same as a paragraph of a page has it: a number and its percent sign stay on one line. */
export const paragraphIn = (text: Text, language: Language): string =>
  inLanguage(text, language).replaceAll(/(\d) %/g, '$1\u00a0%');
