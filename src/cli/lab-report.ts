/** What `skein lab` prints. */
import { type Experiment, findExperiment, type LabRun } from '../lab/index.ts';
import type { Output } from './output.ts';
import { clock } from './quantity.ts';

/** The experiments with a line each. */
export function printExperiments(output: Output, experiments: readonly Experiment[]): void {
  const width = Math.max(...experiments.map(({ name }) => name.length));
  for (const { name, about } of experiments) output.labelled(name, about, width);
  output.line();
  output.line(`${output.command} lab NAME --quick    in minutes; --full says first how long its trainings take`);
}

/** What came of one, and where it is. */
export function printLabRun(output: Output, { findings, page, seconds }: LabRun): void {
  output.line();
  for (const says of findings) output.paragraph(says);
  output.line();
  output.labelled('page', page, 4);
  output.labelled('time', clock(seconds), 4);
}

/** For programs. */
export function labJson({ name, folder, page, seconds, language, command, findings, result }: LabRun) {
  const { summary } = findExperiment(name);
  return { name, folder, page, seconds, ...(summary?.(result, { language, command }) ?? { findings, result }) };
}
