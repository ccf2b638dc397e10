/** What the norms of published networks say: at the first step, and over the steps that follow. */
import { median } from '../../metrics/index.ts';
import { spreadOf } from './gradient-norms.ts';
import type { NetworkNorms } from './network-norms.ts';

/** At the first step. */
export interface FirstReading {
  readonly network: string;
  /** The first convolution's norm by the last one's. */
  readonly ratio: number | null;
  /** The largest norm by the smallest. */
  readonly spread: number | null;
}

export function firstReading({ network, steps }: NetworkNorms): FirstReading {
  const norms = steps[0]?.norms ?? [];
  const [first, last] = [norms[0], norms.at(-1)];
  return { network, ratio: first && last ? first / last : null, spread: spreadOf(norms) };
}

/** Over all steps. */
export interface TrainingReading {
  readonly network: string;
  readonly steps: number;
  /** The first convolution's norm: medians of the first tenth of the steps and of the last. */
  readonly early: number | null;
  readonly late: number | null;
  /** How far it was from itself in between: the largest of all steps by the smallest. */
  readonly range: number | null;
  /** The median over the steps of the layers' largest norm by their smallest. */
  readonly spread: number | null;
}

export function trainingReading({ network, steps }: NetworkNorms): TrainingReading {
  const first = steps.map(({ norms }) => norms[0] ?? null);
  const share = Math.max(1, Math.round(first.length / 10));
  return {
    network,
    steps: steps.length,
    early: medianOf(first.slice(0, share)),
    late: medianOf(first.slice(-share)),
    range: spreadOf(first),
    spread: medianOf(steps.map(({ norms }) => spreadOf(norms))),
  };
}

/** Of those that are numbers; null where none is. */
function medianOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : median(known);
}
