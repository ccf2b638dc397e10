/** What a comparison and the process of a run say to each other, as plain JSON. */
import type { EpochEvent, LengthEvent, StepEvent } from '../train/index.ts';
import type { RunFailure, RunOutcome } from './run-outcome.ts';

/** One run, as its process needs it. */
export interface RunTask {
  /** `SettledRun.config`, but for what the other keys say. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Of the network, where it is a person's own. */
  readonly module?: string;
  /** The run folder. */
  readonly folder: string;
  /** Whether the folder holds a run to go on with. */
  readonly resume: boolean;
  /** The most minutes that it may take. */
  readonly maxMinutes?: number;
}

/** To the process: the task comes first. */
export type RunRequest = { readonly task: RunTask } | { readonly stop: true };

/** What a run tells on its way. */
export type RunNews =
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'length'; readonly event: LengthEvent }
  | { readonly kind: 'step'; readonly event: StepEvent }
  | { readonly kind: 'epoch'; readonly event: EpochEvent };

/** How a run ended: the last thing that is heard of it. */
export type RunEnd =
  | { readonly kind: 'done'; readonly outcome: RunOutcome }
  | { readonly kind: 'interrupted'; readonly peakBytes: number }
  | { readonly kind: 'failed'; readonly failure: RunFailure };

/** From the process. */
export type RunMessage = RunNews | RunEnd;
