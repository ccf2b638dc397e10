/** Claims and questions as a page shows them. */
import type { NumberFormat } from '../figures/figure.ts';
import type { Figure } from '../figures/index.ts';
import type { Text, Words } from '../words.ts';

/** What numbers say of a claim. */
export type Verdict = 'holds' | 'does not hold' | 'in part' | 'open';

/** A number of an answer. */
export interface ClaimNumber {
  readonly name: Text;
  /** Null where it was not finite. */
  readonly value: number | null;
  readonly format?: NumberFormat;
  /** The paper or table that it is from; absent where this run measured it. */
  readonly source?: Text;
}

/** A claim with its answer. */
export interface ShownClaim {
  /** `vanishing-gradients` */
  readonly id: string;
  readonly number: number;
  readonly question: Words;
  /** What the article answers: its own words in `zh`, and their sense in `en`. */
  readonly article: Words;
  readonly verdict: Verdict;
  readonly answer: Words;
  readonly numbers: readonly ClaimNumber[];
  readonly figure?: Figure;
  /** Whether its numbers come from this run. */
  readonly measured: boolean;
  /** The experiments that repeat what answers it, as the command names them. */
  readonly experiments: readonly string[];
}

/** A question of the article. */
export interface ShownQuestion {
  /** `difference` */
  readonly id: string;
  readonly number: number;
  readonly question: Words;
  readonly article: Words;
  /** The ids of the claims that measure it. */
  readonly claims: readonly string[];
  /** What there is to say besides the claims. */
  readonly beside?: Words;
}
