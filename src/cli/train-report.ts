/** What `skein train` says at the end of a run. */
import { join } from 'node:path';
import { wilsonInterval } from '../metrics/index.ts';
import { quoted } from '../tensor/index.ts';
import { type Run, type TrainOptions, usualEpochs, waitingAdvice } from '../train/index.ts';
import type { Score } from '../trained/index.ts';
import { dataWords, readingWords } from './data-flags.ts';
import { isLaunched } from './launched-stop.ts';
import type { Output } from './output.ts';
import { bytes, count, fileSize, percent, percentRange } from './quantity.ts';

/** 91.20 %  (95 % interval 90.63 to 91.74 %, 10,000 images) */
export function scoreText({ correct, total, top1 }: Score): string {
  const range = percentRange(wilsonInterval(correct, total), 2);
  return `${percent(top1, 2)}  (95 % interval ${range}, ${count(total)} images)`;
}

/** 3 images could not be read and were passed over */
export const badImagesText = (bad: number): string =>
  bad === 1
    ? '1 image could not be read and was passed over'
    : `${count(bad)} images could not be read and were passed over`;

/** A finished run: its numbers, its files, and what to do next. */
export function printRun(output: Output, run: Run, options: TrainOptions): void {
  const { folder, best, test, report, reportProblem, params, engine, precision, threads, peakBytes, cache } = run;
  const { epochs = usualEpochs(options.fineTune) } = options;
  const rows: [string, string][] = [];
  if (run.stopped === 'patience') rows.push(['stopped', 'early: the validation accuracy rose no more (--patience)']);
  if (best) rows.push(['best epoch', `${best.epoch}, with ${percent(best.top1, 2)} of the validation images right`]);
  if (test) rows.push(['test accuracy', scoreText(test.best)]);
  if (test && test.last !== test.best && test.last.correct !== test.best.correct)
    rows.push(['of the last epoch', scoreText(test.last)]);
  if (!test) rows.push(['test accuracy', 'unknown: the data has no test split']);
  rows.push(
    ['parameters', count(params)],
    [
      'peak memory',
      `${bytes(peakBytes)} (${engine}, ${precision}, ${threads} ${threads === 1 ? 'thread' : 'threads'})`,
    ],
    ['best weights', join(folder, 'best.safetensors')],
    ['learning curve', join(folder, 'results.csv')],
  );
  if (cache)
    rows.push([
      'image cache',
      `${cache.folder}: ${count(cache.pictures)} images, ${fileSize(cache.bytes)}; may be deleted`,
    ]);
  if (report !== undefined) rows.push(['report', report]);
  if (reportProblem !== undefined) rows.push(['report', `could not be written: ${reportProblem}`]);
  if (run.badImages.length > 0) rows.push(['bad images', badImagesText(run.badImages.length)]);
  // all else lies in memory, and is read by nobody's own code
  const advice = run.pipeline && waitingAdvice({ ...run, epochs });
  if (advice)
    rows.push([
      'waiting',
      `${percent(run.waiting ?? 0, 0)} of the steps’ time, for images; what helps: ${advice.ways[0]}`,
    ]);
  const width = Math.max(...rows.map(([label]) => label.length));
  output.line();
  for (const [label, text] of rows) output.labelled(label, text, width);
  output.line(`\nNext:
  ${output.command} eval ${quoted(folder)} --data ${dataWords(options.data)}${readingWords(options)}
  ${output.command} predict ${quoted(folder)} IMAGE`);
  if (advice?.flags !== undefined)
    output.line(`  ${output.command} train --config ${quoted(join(folder, 'config.yaml'))} ${advice.flags}`);
}

/** A run that Ctrl-C ended. `model` is the module of a network of the user's own, which the run folder does not know. */
export function printInterrupted(output: Output, run: Run, model?: string): void {
  output.line(`Stopped and saved; nothing is lost. To go on:
  ${resumeCommand(output, run.folder, model, isLaunched() ? run.ranks?.size : undefined)}`);
}

/**
 * skein train --resume runs/resnet20-1
 * @param ranks that the command started by itself
 */
export function resumeCommand(output: Output, folder: string, model?: string, ranks?: number): string {
  const module = model === undefined ? '' : ` ${quoted(model)}`;
  return `${output.command} train --resume ${quoted(folder)}${module}${ranks === undefined ? '' : ` --ranks ${ranks}`}`;
}
