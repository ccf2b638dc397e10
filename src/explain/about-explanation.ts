import type { Method } from './methods/method.ts';

/** What the page of an explanation says besides. */
export interface AboutExplanation {
  readonly network: string;
  /** The checkpoint, as it was given. */
  readonly checkpoint: string;
  readonly methods: readonly Method[];
}
