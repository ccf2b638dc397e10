/**
 * Two sides measured in turns: ours, theirs, ours, theirs. A machine's mood changes over minutes, so the two of one round are a pair,
 * and what is reported is the median of the pairs' ratios.
 */
import { median } from '../metrics/index.ts';

/** What one turn found. */
export interface Rate {
  readonly imagesPerSecond: number;
  /** The most memory that the process held. */
  readonly peakBytes: number;
}

/** A turn that begins; rounds count from 1. */
export interface TurnEvent {
  readonly round: number;
  readonly rounds: number;
  readonly side: 'ours' | 'theirs';
}

/** A round that has just ended, from 1. */
export interface RoundEvent {
  readonly round: number;
  readonly rounds: number;
  readonly ours: Rate;
  readonly theirs: Rate | undefined;
}

/** What all rounds together say. */
export interface Comparison {
  readonly ours: Rate;
  /** Undefined unless every round has theirs. */
  readonly theirs: (Rate & { readonly ratio: number }) | undefined;
}

/**
 * Alternates for this many rounds. `theirs` may give up by returning undefined: it is not asked again, and ours are measured to the end.
 * Rates are medians, memory is the most of all rounds.
 */
export async function interleave(options: {
  readonly rounds: number;
  ours(): Promise<Rate>;
  /** Absent where there is nobody to compare with. */
  theirs?(): Promise<Rate | undefined>;
  onTurn?(event: TurnEvent): void;
  onRound?(event: RoundEvent): void;
}): Promise<Comparison> {
  const { rounds, onTurn, onRound } = options;
  const ours: Rate[] = [];
  const theirs: Rate[] = [];
  for (let round = 1; round <= rounds; round++) {
    onTurn?.({ round, rounds, side: 'ours' });
    const own = await options.ours();
    ours.push(own);
    let other: Rate | undefined;
    if (options.theirs && theirs.length === round - 1) {
      onTurn?.({ round, rounds, side: 'theirs' });
      other = await options.theirs();
      if (other) theirs.push(other);
    }
    onRound?.({ round, rounds, ours: own, theirs: other });
  }
  const complete = theirs.length === rounds;
  return {
    ours: summary(ours),
    theirs: complete ? { ...summary(theirs), ratio: medianRatio(ours, theirs) } : undefined,
  };
}

const rateOf = ({ imagesPerSecond }: Rate) => imagesPerSecond;

/** The median over the rounds of ours ÷ theirs. */
function medianRatio(ours: readonly Rate[], theirs: readonly Rate[]): number {
  return median(ours.map((own, i) => rateOf(own) / rateOf(theirs[i] as Rate)));
}

function summary(turns: readonly Rate[]): Rate {
  return {
    imagesPerSecond: median(turns.map(rateOf)),
    peakBytes: Math.max(...turns.map(({ peakBytes }) => peakBytes)),
  };
}
