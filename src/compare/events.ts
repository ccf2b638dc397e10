/** What a comparison tells while it goes on. */
import type { EpochEvent, LengthEvent, StepEvent } from '../train/index.ts';
import type { RunFailure, RunOutcome } from './run-outcome.ts';

/** Which run of a comparison. */
export interface RunPlace {
  readonly network: string;
  readonly seed: number;
  /** Counted from 1. */
  readonly number: number;
  readonly runs: number;
}

/** Once, before the first run. */
export interface ComparisonStart {
  readonly folder: string;
  /** Whether an earlier call began it. */
  readonly isResumed: boolean;
  readonly networks: readonly { readonly name: string; readonly params: number; readonly macs: number }[];
  readonly seeds: readonly number[];
  readonly samples: { readonly train: number; readonly validation: number; readonly test: number };
  /** Runs that are done already. */
  readonly done: number;
  readonly runs: number;
  /** As each run's config.yaml says it, but for the network. */
  readonly recipe: Readonly<Record<string, unknown>>;
}

/** Called while networks are compared; all are optional. */
export interface ComparisonCallback {
  onStart?(event: ComparisonStart): void;
  /** A run begins, or goes on where an earlier call left it. `minutes` is its share of the time, where there is a limit. */
  onRun?(event: RunPlace & { readonly isResumed: boolean; readonly minutes: number | undefined }): void;
  onNote?(event: RunPlace & { readonly text: string }): void;
  onLength?(event: RunPlace & LengthEvent): void;
  /** A few times a second. `secondsLeft` is the run's, `secondsLeftInAll` that of all runs, undefined as long as nobody can tell. */
  onStep?(event: RunPlace & StepEvent & { readonly secondsLeftInAll: number | undefined }): void;
  onEpoch?(event: RunPlace & EpochEvent): void;
  onRunEnd?(
    event: RunPlace & { readonly seconds: number; readonly outcome?: RunOutcome; readonly failure?: RunFailure },
  ): void;
}
