import type { Naming } from './naming.ts';

/** A file's names, understood. */
export interface RecognisedNames {
  readonly naming: Naming;
  /** By the name in Skein: the name in the file. */
  readonly layers: ReadonlyMap<string, string>;
  /** Counters, which no network needs. */
  readonly ignored: readonly string[];
  /** Names that mean nothing in this naming, or that a name before them took. */
  readonly unknown: readonly string[];
}
