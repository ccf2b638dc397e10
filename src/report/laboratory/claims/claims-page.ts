/** What an article claims beside what was measured, for somebody who teaches it. */
import { element, type PageElement } from '../../page/element.ts';
import { page } from '../../page/page.ts';
import { defineSection, type Section } from '../../page/section.ts';
import { stats } from '../../page/stats.ts';
import { aboutExperiment, experimentFooter } from '../about-experiment.ts';
import type { LaboratoryData } from '../laboratory-data.ts';
import { laboratoryStyle } from '../laboratory-style.ts';
import { repeatSection } from '../repeat-section.ts';
import { inLanguage, type Text } from '../words.ts';
import { claimParts } from './claim-parts.ts';
import { verdictWords, claimWords as words } from './claim-words.ts';
import { questionTable } from './question-table.ts';
import type { ShownClaim, ShownQuestion, Verdict } from './shown-claim.ts';

/** A laboratory's page with claims in place of findings and figures. */
export interface ClaimsData extends LaboratoryData {
  readonly claims: readonly ShownClaim[];
  readonly questions: readonly ShownQuestion[];
}

/** One HTML file that needs nothing else. */
export function claimsPage(data: ClaimsData): string {
  const { language } = data;
  const say = (text: Text) => inLanguage(text, language);
  return page<ClaimsData>(
    {
      kind: say(words.kind),
      title: ({ title }) => say(title),
      header: (shown) => [
        element('h1', {}, say(shown.title)),
        element('p', { class: 'data' }, say(words.article)),
        verdictCounts(shown.claims, say),
        aboutExperiment(shown),
      ],
      sections: [questionsSection, ...data.claims.map(claimSection), repeatSection],
      footer: experimentFooter,
      style: laboratoryStyle,
      language,
    },
    data,
  );
}

function verdictCounts(claims: readonly ShownClaim[], say: (text: Text) => string): PageElement {
  const counted = (['holds', 'does not hold', 'in part', 'open'] satisfies Verdict[]).map((verdict) => ({
    label: say(verdictWords[verdict]),
    value: String(claims.filter((claim) => claim.verdict === verdict).length),
    note: say({ en: `of ${claims.length} claims`, zh: `共 ${claims.length} 个论断` }),
  }));
  return stats(counted, { isFirstLarge: false });
}

const questionsSection = defineSection<ClaimsData>({
  id: 'questions',
  heading: ({ questions, language }) => inLanguage(words.questions(questions.length), language),
  isShown: ({ questions }) => questions.length > 0,
  draw: ({ questions, claims, language }) => [questionTable(questions, claims, language)],
});

const claimSection = (claim: ShownClaim): Section<ClaimsData> =>
  defineSection({
    id: claim.id,
    heading: ({ language }) => `${claim.number}. ${inLanguage(claim.question, language)}`,
    draw: ({ language, name, command }) => claimParts(claim, { language, name, command }),
  });
