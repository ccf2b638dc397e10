/** Runs what claims read, each experiment once, and lets the claims answer. */
import { canonicalJson, reasonOf } from '../../files/index.ts';
import type { Figure, ShownClaim } from '../../report/index.ts';
import { SkeinError } from '../../tensor/index.ts';
import type { Setting } from '../lab-options.ts';
import type { Laboratory } from '../laboratory.ts';
import type { Claim, ClaimAnswer, ClaimSource } from './claim.ts';

/** What an experiment is done with for claims. */
export const sourceSettings = (source: ClaimSource, setting: Setting): unknown =>
  source[setting] ?? source.experiment[setting];

/** What an experiment gave, or why it gave nothing. */
type Outcome = { readonly result: unknown } | { readonly failed: string; readonly reason: string };

/** An experiment that fails leaves its claims open and ends nothing. @throws the signal's reason where it comes before the end; what is a fault of the code */
export async function answerClaims(
  lab: Laboratory,
  claims: readonly Claim[],
  setting: Setting,
): Promise<readonly ShownClaim[]> {
  const outcomes = new Map<string, Outcome>();
  const answered: ShownClaim[] = [];
  for (const claim of claims) {
    const own: Outcome[] = [];
    for (const source of claim.sources) {
      const settings = sourceSettings(source, setting);
      const key = `${source.experiment.name} ${canonicalJson(settings)}`;
      const outcome = outcomes.get(key) ?? (await outcomeOf(lab, source, settings));
      outcomes.set(key, outcome);
      own.push(outcome);
    }
    answered.push(answeredBy(claim, own, setting));
  }
  return answered;
}

async function outcomeOf(lab: Laboratory, { experiment }: ClaimSource, settings: unknown): Promise<Outcome> {
  try {
    return { result: await lab.result(experiment, settings) };
  } catch (error) {
    lab.signal.throwIfAborted();
    expectFailure(error);
    return { failed: experiment.name, reason: reasonOf(error) };
  }
}

function answeredBy(claim: Claim, outcomes: readonly Outcome[], setting: Setting): ShownClaim {
  const { id, number, question, article, sources } = claim;
  // an experiment's own command repeats what it did here, unless it did something else
  const isChanged = sources.some((source) => source[setting] !== undefined);
  const experiments = isChanged ? ['claims'] : [...new Set(sources.map(({ experiment }) => experiment.name))];
  const failure = outcomes.find((outcome) => 'failed' in outcome);
  const answer = failure ? withoutAnswer(failure.failed, failure.reason) : answerOf(claim, outcomes, setting);
  const measured = answer.numbers.some(({ value, source }) => source === undefined && Number.isFinite(value));
  return { id, number, question, article, experiments, ...answer, measured };
}

function answerOf(claim: Claim, outcomes: readonly Outcome[], setting: Setting): ClaimAnswer {
  try {
    const results = outcomes.map((outcome) => ('result' in outcome ? outcome.result : null));
    const answer = claim.answer(results);
    // JSON has no others
    const numbers = answer.numbers.map((one) => ({ ...one, value: Number.isFinite(one.value) ? one.value : null }));
    const figure = answer.figure ?? firstChart(claim.sources[0], results[0], setting);
    return { ...answer, numbers, ...(figure && { figure }) };
  } catch (error) {
    expectFailure(error);
    return withoutAnswer(claim.sources.map(({ experiment }) => experiment.name).join(', '), reasonOf(error));
  }
}

/** What an experiment can meet has an error of its own, or is the system's; all else is a fault of the code, and comes out as such. */
function expectFailure(error: unknown): void {
  if (!(error instanceof SkeinError) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
}

/** A claim without a picture of its own has that of its experiment. */
const firstChart = (source: ClaimSource | undefined, result: unknown, setting: Setting): Figure | undefined =>
  source?.experiment.show(result, sourceSettings(source, setting)).figures.find(({ kind }) => kind !== 'table');

const withoutAnswer = (experiment: string, reason: string): ClaimAnswer => ({
  verdict: 'open',
  answer: {
    en: `Missing for an answer: the experiment ${experiment} failed. ${reason}`,
    zh: `无法回答：实验 ${experiment} 失败。错误信息（英文）：${reason}`,
  },
  numbers: [],
});
