import { element, type PageElement } from '../../page/element.ts';
import { inLanguage, type Language } from '../words.ts';
import { verdictWords } from './claim-words.ts';
import type { Verdict } from './shown-claim.ts';

/** What the numbers say, as a word in its colour. */
export const verdictBadge = (verdict: Verdict, language: Language): PageElement =>
  element('b', { class: `verdict ${verdict.replaceAll(' ', '-')}` }, inLanguage(verdictWords[verdict], language));
