import {
  claimsPage,
  claimWords,
  commandsFor,
  type Figure,
  inLanguage,
  type ShownClaim,
  type ShownQuestion,
  verdictWords,
} from '../../report/index.ts';
import { answerClaims, sourceSettings } from '../claims/answer-claims.ts';
import type { Claim } from '../claims/claim.ts';
import { claims as allClaims } from '../claims/claims.ts';
import { questions as allQuestions } from '../claims/questions.ts';
import { defineExperiment, type Experiment } from '../experiment.ts';
import type { Setting } from '../lab-options.ts';

interface Settings {
  readonly setting: Setting;
  /** What each claim's experiments are done with, so that a folder is not gone on with other ones. */
  readonly sources: Readonly<Record<string, unknown>>;
}

/** What `skein lab claims` gives. */
export interface ClaimsResult {
  readonly claims: readonly ShownClaim[];
  readonly questions: readonly ShownQuestion[];
}

/** An experiment that runs those of its claims, and says what their numbers answer. */
export const claimsExperiment = (claims: readonly Claim[], questions: readonly ShownQuestion[]): Experiment =>
  defineExperiment<Settings, ClaimsResult>({
    name: 'claims',
    title: { en: 'What residual and dense connections do', zh: '残差连接与稠密连接的作用' },
    about: 'all claims of the article, and its ten questions, answered with measured numbers',
    source: {
      en: 'The evolution of residual networks: from ResNet to DenseNet （残差网络的进化：从 ResNet 到 DenseNet）',
      zh: '《残差网络的进化：从 ResNet 到 DenseNet》',
    },
    method: {
      en: 'Every experiment that a claim needs is done once, with the same data, seed and engine, and its numbers answer the claim.',
      zh: '每个论断所需的实验在同一数据、种子和引擎上各做一次，用测得的数字回答。',
    },
    limits: {
      en: 'Small images and few epochs: an answer holds for what was measured here. Numbers from papers are named as such.',
      zh: '图像小、训练轮数少：答案只适用于这里测量的情形。来自论文的数字均已注明。',
    },
    quick: settingsOf(claims, 'quick'),
    full: settingsOf(claims, 'full'),
    async run(lab, { setting }) {
      return { claims: await answerClaims(lab, claims, setting), questions };
    },
    trainings: ({ setting }, lab) =>
      claims.flatMap(({ sources }) =>
        sources.flatMap((source) => source.experiment.trainings?.(sourceSettings(source, setting), lab) ?? []),
      ),
    show: (result) => ({
      findings: result.claims.map(({ number, question, verdict, answer }) => ({
        about: String(number),
        says: {
          en: `${number}. ${question.en} ${capital(verdictWords[verdict].en)}. ${answer.en}`,
          zh: `${number}. ${question.zh}${verdictWords[verdict].zh}。${answer.zh}`,
        },
      })),
      figures: [
        ...result.claims.flatMap(({ id, figure }) => (figure ? [{ ...figure, id: `${id}-${figure.id}` }] : [])),
        allNumbers(result.claims),
      ],
    }),
    page: (data, result) => claimsPage({ ...data, ...result }),
    summary: (result, { language, command }) => ({
      claims: result.claims.map((claim) => ({
        id: claim.id,
        number: claim.number,
        question: claim.question[language],
        article: claim.article[language],
        measured: claim.measured,
        verdict: claim.verdict,
        answer: claim.answer[language],
        numbers: claim.numbers.map(({ name, value, format = 'number', source }) => ({
          name: inLanguage(name, language),
          value,
          format,
          source: source === undefined ? null : inLanguage(source, language),
        })),
        command: commandsFor(command, 'claims', claim.experiments).join(' && '),
      })),
      questions: result.questions.map(({ id, number, question, claims: ids }) => ({
        id,
        number,
        question: question[language],
        claims: ids,
      })),
    }),
  });

/** Of all answers, for a file: the page has each beside its claim. */
const allNumbers = (claims: readonly ShownClaim[]): Figure => ({
  kind: 'table',
  id: 'numbers',
  title: { en: 'All numbers', zh: '全部数字' },
  columns: [
    { label: { en: 'claim', zh: '论断' } },
    { label: claimWords.number },
    { label: claimWords.value },
    { label: claimWords.source },
  ],
  rows: claims.flatMap(({ number, numbers }) =>
    numbers.map(({ name, value, source }) => [`${number}`, name, value, source ?? claimWords.measured]),
  ),
});

const capital = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const settingsOf = (claims: readonly Claim[], setting: Setting): Settings => ({
  setting,
  sources: Object.fromEntries(
    claims.map(({ id, sources }) => [
      id,
      sources.map((source) => ({ experiment: source.experiment.name, settings: sourceSettings(source, setting) })),
    ]),
  ),
});

/** Every claim of the article. */
export const claims: Experiment = claimsExperiment(allClaims, allQuestions);
