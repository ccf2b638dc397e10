import { type Command, Option } from 'commander';
import type { Corruption } from '../corruptions/index.ts';
import { sourceText } from '../data/index.ts';
import {
  type CheckpointEvaluation,
  type EvaluationSplit,
  type EvaluationWork,
  evaluate,
  evaluationSplits,
  viewSets,
} from '../trained/index.ts';
import { Bars } from './bars.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import { addCorruptionFlags, type CorruptionFlags, corruptionsAsked } from './corruption-flags.ts';
import { CorruptionProgress } from './corruption-progress.ts';
import { addReadingFlags, dataOption, givenData, type ReadingFlags, readingOf } from './data-flags.ts';
import { withDataHint } from './data-hint.ts';
import { evaluationJson } from './eval-json.ts';
import { evaluationPageFile, writeEvaluationPage } from './eval-page.ts';
import { printEvaluation } from './eval-report.ts';
import {
  badImageOption,
  engineChoices,
  engineValue,
  positiveValue,
  threadsValue,
  workersHelp,
  workersValue,
} from './flag-values.ts';
import type { Output, Surroundings } from './output.ts';
import { count } from './quantity.ts';

interface EvalFlags extends ReadingFlags, CorruptionFlags {
  readonly data: readonly string[];
  readonly split?: EvaluationSplit;
  readonly tta?: string;
  readonly against?: string;
  readonly calibrate?: boolean;
  readonly perClass?: boolean;
  readonly out?: string;
  readonly batchSize?: number;
  readonly threads?: number;
  readonly workers?: number;
  readonly onBadImage?: 'stop' | 'skip';
  readonly engine?: string;
  readonly classesByPosition?: boolean;
  readonly json?: boolean;
}

/** `skein eval` */
export function addEvalCommand(program: Command, { output }: Surroundings): void {
  const command = program
    .command('eval')
    .description('Measure a trained network on labelled images')
    .argument('<checkpoint>', 'a .safetensors file, or a run folder for its best epoch')
    .addOption(dataOption().makeOptionMandatory())
    .addOption(
      new Option(
        '--split <split>',
        'part of the data (test; without one the validation images of the run’s own data, of other data all)',
      ).choices(evaluationSplits),
    )
    .option('--against <checkpoint>', 'another one on the same images: which is better, and how sure that is')
    .addOption(
      new Option('--tta <views>', 'also average over several views of each image').choices(
        viewSets.map(({ name }) => name),
      ),
    )
    .option('--calibrate', 'keep the temperature in the checkpoint: predictions are as sure as they are right')
    .option('--per-class', 'the table of classes also where there are more than 20')
    .option('--out <file>', 'write a page (.html) with the worst mistakes as pictures, or a folder for it');
  addCorruptionFlags(addReadingFlags(command))
    .option('-b, --batch-size <n>', 'images that go through together (32)', positiveValue)
    .option('--threads <n>', 'of the engine (all cores)', threadsValue)
    .option('-j, --workers <n>', workersHelp, workersValue)
    .addOption(badImageOption())
    .option('--engine <name>', engineChoices, engineValue)
    .option('--classes-by-position', 'match the classes by position, whatever their names are')
    .option('--json', 'print { top1, interval, classes, calibration, coverage, slices, against, corruptions, … }')
    .addHelpText(
      'after',
      `
Examples:
  skein eval runs/resnet20-1 --data cifar10 --out evaluation.html
  skein eval runs/resnet20-1 --data cifar10 --against runs/plain20-1
  skein eval runs/resnet20-1 --data cifar10 --calibrate
  skein eval runs/resnet20-1 --data cifar10 --corruptions noise,fog --limit 1000`,
    )
    .action(async (path: string, flags: EvalFlags) => {
      const out = output(flags);
      const data = givenData(flags.data);
      const corruptions = corruptionsAsked(flags);
      const file = await checkpointArgument(path);
      const against = flags.against === undefined ? undefined : await checkpointArgument(flags.against);
      const page = flags.out === undefined ? undefined : await evaluationPageFile(flags.out);
      const evaluation = await evaluated(file, { flags, against, corruptions }, out);
      const { checkpoint, split, unkept } = evaluation;
      // first of all what took long
      if (flags.json) out.json(evaluationJson(evaluation, data, page));
      else {
        const title = `${checkpoint} on ${sourceText(data)}, ${split === 'all' ? 'all images' : `${split} split`}`;
        printEvaluation(out, title, evaluation, flags);
      }
      if (page !== undefined) {
        await writeEvaluationPage(evaluation, page);
        if (!flags.json) for (const line of out.folded(page, '  page  ')) out.line(line);
      }
      if (unkept) throw unkept;
    });
}

/** Evaluates while a bar follows the images that are measured. */
async function evaluated(
  path: string,
  {
    flags,
    against,
    corruptions,
  }: {
    readonly flags: EvalFlags;
    readonly against: string | undefined;
    readonly corruptions: readonly Corruption[] | undefined;
  },
  output: Output,
): Promise<CheckpointEvaluation> {
  const { split, tta, calibrate, batchSize, threads, workers, onBadImage, engine, classesByPosition } = flags;
  const data = givenData(flags.data);
  const corrupting = new CorruptionProgress(output);
  let isMeasuring = false;
  const bars = new Bars(output, [{ label: 'evaluating', done: 0, facts: [] }]);
  const onProgress = (work: EvaluationWork, done: number, total: number) => {
    (work === 'corrupting' ? bars : corrupting).stop();
    if (work === 'corrupting') corrupting.show(done, total);
    else bars.set(0, { label: work, done: done / total, facts: [`${count(done)} of ${count(total)} images`] });
  };
  try {
    return await evaluate(path, {
      data,
      reading: readingOf(flags),
      against,
      ...(engine !== undefined && { engine }),
      ...(threads !== undefined && { threads }),
      ...(batchSize !== undefined && { batchSize }),
      split,
      tta,
      corruptions,
      limit: flags.limit,
      calibrate,
      classesByPosition,
      ...(workers !== undefined && { workers }),
      ...(onBadImage && { onBadImage }),
      onImages: ({ notes }) => {
        isMeasuring = true;
        if (!flags.json) for (const note of notes) output.paragraph(note, 'dim');
      },
      onProgress,
    });
  } catch (error) {
    // before that, what is wrong is not one image among many
    if (!isMeasuring) throw error;
    return await withDataHint(data, flags, output, () => Promise.reject(error));
  } finally {
    bars.stop();
    corrupting.stop();
  }
}
