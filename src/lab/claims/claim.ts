/** A claim about plain, residual and dense networks, and what experiments answer. */
import type { ClaimNumber, Figure, Verdict, Words } from '../../report/index.ts';
import type { Experiment } from '../experiment.ts';

export type { ClaimNumber, Verdict };

/** What this run says of a claim. */
export interface ClaimAnswer {
  readonly verdict: Verdict;
  /** In two to four sentences with their numbers; where the article is contradicted, in plain words. */
  readonly answer: Words;
  readonly numbers: readonly ClaimNumber[];
  readonly figure?: Figure;
}

/** What a claim reads: results of these experiments, in the same order, each with the settings that it was done with. */
export interface ClaimSource {
  readonly experiment: Experiment;
  /** What it is done with in `skein lab claims`; default: the experiment's own settings. */
  readonly quick?: unknown;
  readonly full?: unknown;
}

/** A claim as a record: a file defines it, and a line in `claims.ts` adds it. */
export interface Claim {
  /** `vanishing-gradients` */
  readonly id: string;
  /** From 1 to 13. */
  readonly number: number;
  readonly question: Words;
  /** What the article answers: its own words in `zh`, and their sense in `en`. */
  readonly article: Words;
  readonly sources: readonly ClaimSource[];
  /** @param results of the sources, in their order */
  answer(results: readonly unknown[]): ClaimAnswer;
}

/** A claim as it is. @param claim.answer takes the results with the types that their experiments give */
export const defineClaim = <Results extends readonly unknown[]>(
  claim: Omit<Claim, 'answer'> & { answer(results: Results): ClaimAnswer },
): Claim => claim as unknown as Claim;
