import { element, type PageElement } from '../../page/element.ts';
import { row, table } from '../../page/table.ts';
import { inLanguage, type Language, type Text } from '../words.ts';
import { claimWords as words } from './claim-words.ts';
import type { ShownClaim, ShownQuestion } from './shown-claim.ts';
import { verdictBadge } from './verdict-badge.ts';

/** Each question with the article's answer below it, and beside it the claims that answer it here. */
export function questionTable(
  questions: readonly ShownQuestion[],
  claims: readonly ShownClaim[],
  language: Language,
): PageElement {
  const say = (text: Text) => inLanguage(text, language);
  const link = ({ id, number, question, verdict }: ShownClaim) =>
    element(
      'p',
      {},
      verdictBadge(verdict, language),
      ' ',
      element('a', { href: `#${id}` }, `${number}. ${say(question)}`),
    );
  return table({
    head: [say(words.question), say(words.measured)],
    numbersFrom: 2,
    isSortable: false,
    rows: questions.map(({ number, question, article, claims: ids, beside }) =>
      row(
        element(
          'div',
          { class: 'question' },
          element('p', {}, `${number}. ${say(question)}`),
          element('p', { class: 'note' }, `${say(words.articleSays)}${language === 'zh' ? '：' : ': '}${say(article)}`),
        ),
        element(
          'td',
          { class: 'answers' },
          ...ids.flatMap((id) => {
            const claim = claims.find((one) => one.id === id);
            return claim ? [link(claim)] : [];
          }),
          ...(beside === undefined ? [] : [element('p', { class: 'note' }, say(beside))]),
        ),
      ),
    ),
  });
}
