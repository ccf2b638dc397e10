/** What `landscape` measures. */
import type { TrainedRecord } from '../laboratory.ts';

/** The loss around a network. */
export interface Landscape {
  readonly name: string;
  readonly trained?: TrainedRecord;
  readonly classes: number;
  /** From −1 to 1 along both directions. */
  readonly places: readonly number[];
  /** By the second direction, then the first; null where it is not finite. */
  readonly plane: readonly (readonly (number | null)[])[];
  /** `step` before the network and behind it, along each direction. */
  readonly near: readonly (readonly [before: number | null, after: number | null])[];
  readonly step: number;
  /** On the straight way from the start of training to its end; absent for one's own network. */
  readonly way?: readonly (readonly [share: number, loss: number | null])[];
}

/** What comes of it. */
export interface LandscapeResult {
  readonly landscapes: readonly Landscape[];
}
