/** What figures say in words, as each language punctuates it. */
import type { Language } from '../words.ts';

const marks = {
  en: { comma: ', ', colon: ': ', semicolon: '; ', stop: '. ' },
  zh: { comma: '，', colon: '：', semicolon: '；', stop: '。' },
} as const satisfies Record<Language, unknown>;

/** What a figure shows, for those who do not see it. */
export function spoken(title: string, parts: readonly string[], language: Language): string {
  const { semicolon, stop } = marks[language];
  return `${title}${stop}${parts.join(semicolon)}${stop}`.trimEnd();
}

/** Numbers with what they belong to, such as a network and a depth. */
export function named(names: readonly string[], numbers: readonly string[], language: Language): string {
  const { comma, colon } = marks[language];
  return `${names.join(comma)}${colon}${numbers.join(comma)}`;
}
