/** What an experiment is: what it does, in a quick and in a full setting, and what its numbers show. */
import type { Figure, LaboratoryData, LaboratoryFinding, Language, Text, Words } from '../report/index.ts';
import type { Laboratory, Training } from './laboratory.ts';

/** What comes of an experiment's numbers. */
export interface Shown {
  /** Sentences with the numbers in them; where a text or a paper says otherwise, they say so. */
  readonly findings: readonly LaboratoryFinding[];
  readonly figures: readonly Figure[];
}

/** An experiment as a record: a file defines it, and a line in `experiments.ts` adds it. */
export interface Experiment<Settings = unknown, Result = unknown> {
  /** What it is called in the command. */
  readonly name: string;
  readonly title: Words;
  /** For the list of experiments, in a few words. */
  readonly about: string;
  /** The papers that it follows, with section or figure. */
  readonly source: Text;
  /** What is done, in one sentence. */
  readonly method: Words;
  /** What it cannot tell, in one sentence. */
  readonly limits: Words;
  /** Ends in minutes on two cores. */
  readonly quick: Settings;
  readonly full: Settings;
  /** Whether a trained network of one's own can be put into it: `Laboratory.own`. Default false. */
  readonly takesRun?: boolean;
  /**
   * Does it. What it gives is written as JSON, so numbers that are not finite become null. Pieces that take long are given to `lab.piece` or
   * `lab.train`, so that they are not done again after an interruption.
   */
  run(lab: Laboratory, settings: Settings): Promise<Result>;
  /** From the result alone, so that a page can be made again. */
  show(result: Result, settings: Settings): Shown;
  /** The trainings that it asks for, so that its time can be told before. */
  trainings?(settings: Settings, lab: Pick<Laboratory, 'seed' | 'image' | 'classes'>): readonly Training[];
  /** Its page, where it is not that of all. */
  page?(data: LaboratoryData, result: Result): string;
  /** What `--json` prints of it, where that is not findings and result. */
  summary?(result: Result, run: Repeated): Readonly<Record<string, unknown>>;
}

/** How it was done. */
export interface Repeated {
  readonly language: Language;
  /** That repeats it on this machine. */
  readonly command: string;
}

/** An experiment as it is, with its types checked. */
export const defineExperiment = <Settings, Result>(experiment: Experiment<Settings, Result>): Experiment =>
  experiment as unknown as Experiment;
