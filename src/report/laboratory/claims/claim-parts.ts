import { type Child, element, type PageElement, scrollBox } from '../../page/element.ts';
import { numberCell, table } from '../../page/table.ts';
import { languageTags } from '../../page/words.ts';
import { drawFigure } from '../figures/index.ts';
import { numberText } from '../figures/number-text.ts';
import type { LaboratoryData } from '../laboratory-data.ts';
import { inLanguage, type Language, paragraphIn, type Text } from '../words.ts';
import { claimWords as words } from './claim-words.ts';
import type { ShownClaim } from './shown-claim.ts';
import { verdictBadge } from './verdict-badge.ts';

/** What stands below a claim's question. */
export function claimParts(
  claim: ShownClaim,
  { language, name, command }: Pick<LaboratoryData, 'language' | 'name' | 'command'>,
): readonly Child[] {
  const { verdict, measured, answer, numbers, figure, experiments } = claim;
  const say = (text: Text) => inLanguage(text, language);
  return [
    quotation(claim, language),
    element(
      'p',
      { class: 'answer' },
      verdictBadge(verdict, language),
      ' ',
      element('span', { class: 'note' }, say(measured ? words.measured : words.unmeasured)),
    ),
    element('p', { class: 'answer' }, paragraphIn(answer, language)),
    ...(numbers.length > 0 ? [numberTable(claim, language)] : []),
    ...(figure ? [element('h3', {}, say(figure.title)), drawFigure(figure, language)] : []),
    ...(experiments.length > 0
      ? [
          element('h3', {}, say(words.repeat)),
          element('pre', {}, element('code', {}, commandsFor(command, name, experiments).join('\n'))),
        ]
      : []),
  ];
}

/** The same with each of these experiments in place of the one that it names; one that names none, such as a call in code, once as it is. */
export const commandsFor = (command: string, name: string, experiments: readonly string[]): string[] => [
  ...new Set(experiments.map((one) => command.replace(`skein lab ${name}`, `skein lab ${one}`))),
];

/** The article's words; where the page is not in its language, below their sense. */
const quotation = ({ article }: ShownClaim, language: Language): PageElement =>
  element(
    'blockquote',
    {},
    element('p', { class: 'note' }, inLanguage(words.articleSays, language)),
    element('p', {}, inLanguage(article, language)),
    ...(language === 'zh' ? [] : [element('p', { class: 'note', lang: languageTags.zh }, article.zh)]),
  );

function numberTable({ numbers, question }: ShownClaim, language: Language): PageElement {
  const say = (text: Text) => inLanguage(text, language);
  const bySource = numbers.map(({ name, value, format, source }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, say(name)),
      numberCell(numberText(value, format), value ?? Number.NaN),
      element('td', source === undefined ? {} : { class: 'quoted' }, say(source ?? words.measured)),
    ),
  );
  return scrollBox(
    say(question),
    table({
      head: [say(words.number), say(words.value), say(words.source)],
      numbersFrom: 3,
      rows: bySource,
      isSortable: false,
    }),
    'numbers',
  );
}
