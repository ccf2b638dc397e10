/** `skein train --folds`: a training for each fold, and what they come to. */
import { join } from 'node:path';
import { quoted } from '../tensor/index.ts';
import { type CrossValidation, type CrossValidationOptions, crossValidate, type TrainOptions } from '../train/index.ts';
import { dataWords, readingWords } from './data-flags.ts';
import { Interrupted, interruptible } from './interruption.ts';
import type { Output } from './output.ts';
import { count, percent, percentRange } from './quantity.ts';
import { type TrainProgress, trainProgress } from './train-progress.ts';
import { resumeCommand } from './train-report.ts';

/** What is said of it. */
export interface Told {
  readonly title: string;
  /** As the person wrote it. */
  readonly data: string;
  readonly json: boolean | undefined;
  /** The module of a network of the person's own. */
  readonly module: string | undefined;
}

export async function runFolds(options: TrainOptions, folds: number, output: Output, told: Told): Promise<void> {
  await interruptible(output, async (signal) => {
    let progress: TrainProgress | undefined;
    signal.addEventListener('abort', () => progress?.log('Stopping after this step; Ctrl-C again quits at once'));
    const { out, callbacks: _, fold: __, validationFraction: ___, changedData: ____, ...rest } = options;
    const given: CrossValidationOptions = {
      ...rest,
      ...(typeof out === 'string' && { out }),
      signal,
      callbacks: (fold) => {
        progress?.stop();
        progress = trainProgress(output, `Fold ${fold} of ${folds}: ${told.title}`, told.data);
        return [progress.callback];
      },
    };
    const result = await crossValidate(given, { folds }).finally(() => progress?.stop());
    if (told.json) output.json(result);
    if (result.stopped === 'interrupted') {
      output.line(`Stopped and saved; nothing is lost. To go on:
  ${resumeCommand(output, result.folder ?? '', told.module)}`);
      throw new Interrupted();
    }
    if (!told.json) printFolds(output, result, options);
  });
}

/** 91.20 %  (95 % interval 90.63 to 91.74 %, over 5 folds) */
export function printFolds(
  output: Output,
  { folder, folds, results, best, last }: CrossValidation,
  options: TrainOptions,
): void {
  output.line();
  output.line('fold  images  best epoch  accuracy  last epoch  accuracy');
  for (const result of results)
    output.line(
      [
        String(result.fold).padStart(4),
        count(result.last.total).padStart(6),
        String(result.best.epoch).padStart(10),
        percent(result.best.top1, 2).padStart(8),
        String(result.last.epoch).padStart(10),
        percent(result.last.top1, 2).padStart(8),
      ].join('  '),
    );
  if (!best || !last) return;
  const text = ({ mean, low, high }: typeof best) =>
    `${percent(mean, 2)}  (95 % interval ${percentRange({ low, high }, 2)}, over ${folds} folds)`;
  const pooled = ({ correct, total, pooled: range }: typeof best) =>
    `${percent(correct / total, 2)}  (95 % interval ${percentRange(range, 2)}, ${count(total)} images)`;
  const rows: [string, string][] = [
    ['last epochs', text(last)],
    ['all images', pooled(last)],
    ['best epochs', `${text(best)}: chosen on the images that they are measured on, so a little high`],
    ['folds', `${folder}/folds.csv, folds.json, and a run folder for each`],
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  output.line();
  for (const [label, row] of rows) output.labelled(label, row, width);
  const first = quoted(join(folder ?? '', 'fold-1'));
  output.line(`\nNext:
  ${output.command} eval ${first} --data ${dataWords(options.data)}${readingWords(options)}
  ${output.command} predict ${first} IMAGE
The same command without --folds trains one network to use.`);
}
