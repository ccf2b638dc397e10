/** What the page of an experiment shows. */
import type { Figure } from './figures/index.ts';
import type { Language, Text } from './words.ts';

/** A sentence that an experiment ends with. */
export interface LaboratoryFinding {
  /** A word or two: what it is about. */
  readonly about: Text;
  readonly says: Text;
}

/** An experiment's page. */
export interface LaboratoryData {
  readonly language: Language;
  /** What it is called in the command. */
  readonly name: string;
  readonly title: Text;
  /** Papers. */
  readonly source: Text;
  /** A sentence each. */
  readonly method: Text;
  readonly limits: Text;
  readonly findings: readonly LaboratoryFinding[];
  readonly figures: readonly Figure[];
  /** Data, engine, seed, time: a label and its text. */
  readonly facts: readonly (readonly [label: Text, text: string])[];
  /** That repeats it. */
  readonly command: string;
  readonly version: string;
}
