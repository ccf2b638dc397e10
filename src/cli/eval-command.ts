import { type Command, Option } from 'commander';
import { corruptionMeans } from '../corruptions/index.ts';
import { type ClassMatch, type Dataset, evenly, matchClasses, relabelled, sourceText } from '../data/index.ts';
import { wilsonInterval } from '../metrics/index.ts';
import {
  type Classifier,
  type Evaluation,
  type EvaluationData,
  type EvaluationSplit,
  evaluationData,
  evaluationSplits,
  loadClassifier,
} from '../trained/index.ts';
import { Bars } from './bars.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import { addCorruptionFlags, type CorruptionFlags, corruptionsAsked } from './corruption-flags.ts';
import { CorruptionProgress } from './corruption-progress.ts';
import { corruptionLines } from './corruption-report.ts';
import { addReadingFlags, dataOption, givenData, type ReadingFlags } from './data-flags.ts';
import { withDataHint } from './data-hint.ts';
import {
  badImageOption,
  engineChoices,
  engineValue,
  positiveValue,
  threadsValue,
  workersHelp,
  workersValue,
} from './flag-values.ts';
import { dataForNetwork } from './network-data.ts';
import type { Output, Surroundings } from './output.ts';
import { count, percent } from './quantity.ts';
import { badImagesText, scoreText } from './train-report.ts';

interface EvalFlags extends ReadingFlags, CorruptionFlags {
  readonly data: readonly string[];
  readonly split?: EvaluationSplit;
  readonly batchSize?: number;
  readonly threads?: number;
  readonly workers?: number;
  readonly onBadImage?: 'stop' | 'skip';
  readonly engine?: string;
  readonly classesByPosition?: boolean;
  readonly json?: boolean;
}

/** More are only counted. */
const shownBadImages = 20;

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
    );
  addCorruptionFlags(addReadingFlags(command))
    .option('-b, --batch-size <n>', 'images that go through together (32)', positiveValue)
    .option('--threads <n>', 'of the engine (all cores)', threadsValue)
    .option('-j, --workers <n>', workersHelp, workersValue)
    .addOption(badImageOption())
    .option('--engine <name>', engineChoices, engineValue)
    .option('--classes-by-position', 'match the classes by position, whatever their names are')
    .option(
      '--json',
      'print { checkpoint, data, split, notes, classes, top1, interval, top5, loss, correct, total, badImages }; with --corruptions also corruptions: [{ name, severity, top1 }]',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  skein eval runs/resnet20-1 --data cifar10 --json\n  skein eval runs/resnet20-1 --data cifar10 --corruptions noise,fog --limit 1000',
    )
    .action(async (path: string, flags: EvalFlags) => {
      const out = output(flags);
      // a name that there is not is told before the work
      corruptionsAsked(flags);
      const checkpoint = await checkpointArgument(path);
      const { batchSize, threads, engine } = flags;
      const classifier = await loadClassifier(checkpoint, {
        ...(batchSize !== undefined && { batchSize }),
        ...(threads !== undefined && { threads }),
        ...(engine !== undefined && { engine }),
      });
      try {
        const { dataset, split, notes } = await dataOf(classifier, checkpoint, flags);
        const { classesByPosition = false } = flags;
        const data = givenData(flags.data);
        const { classes: known } = classifier;
        const match = matchClasses({ where: dataset.name, known, classes: dataset.classes, classesByPosition });
        if (!flags.json) for (const note of notes) out.paragraph(note, 'dim');
        const all = relabelled(dataset, known, match.places);
        const matched = flags.limit === undefined ? all : evenly(all, flags.limit);
        const score = await withDataHint(data, flags, out, () => evaluated(classifier, matched, flags, out));
        const { top1, top5, loss, correct, total, badImages = [], corruptions } = score;
        const interval = wilsonInterval(correct, total);
        const { by, note } = match;
        const classes = { by, network: known.length, data: dataset.classes.length, note };
        const title = `${checkpoint} on ${sourceText(data)}, ${split === 'all' ? 'all images' : `${split} split`}`;
        if (flags.json)
          out.json({
            ...{ checkpoint, data, split, notes, classes, top1, interval, top5, loss, correct, total, badImages },
            ...(corruptions && {
              corruptions: corruptions.map(({ name, severity, top1 }) => ({ name, severity, top1 })),
              corruptedMean: { top1: corruptionMeans(corruptions).top1, over: corruptionMeans(corruptions).over },
            }),
          });
        else printScore(out, title, score, match);
      } finally {
        await classifier.dispose();
      }
    });
}

/** Read as the network takes it. */
async function dataOf(classifier: Classifier, path: string, flags: EvalFlags): Promise<EvaluationData> {
  const data = givenData(flags.data);
  const found = await dataForNetwork(classifier, flags.data, flags);
  return evaluationData(found, sourceText(data), path, classifier.checkpoint, flags.split);
}

/** Evaluates while a bar follows the images that are measured. */
async function evaluated(
  classifier: Classifier,
  dataset: Dataset,
  { workers, onBadImage, ...flags }: Pick<EvalFlags, 'workers' | 'onBadImage'> & CorruptionFlags,
  output: Output,
): Promise<Evaluation> {
  const corruptions = corruptionsAsked(flags);
  const progress = new CorruptionProgress(output);
  const onCorrupted = (done: number, total: number) => {
    bars.stop();
    progress.show(done, total);
  };
  const bars = new Bars(output, [{ label: 'evaluating', done: 0, facts: [] }]);
  const onProgress = (done: number, total: number) =>
    bars.set(0, { label: 'evaluating', done: done / total, facts: [`${count(done)} of ${count(total)} images`] });
  try {
    return await classifier.evaluate(dataset, {
      ...(workers !== undefined && { workers }),
      ...(onBadImage && { onBadImage }),
      onProgress,
      ...(corruptions && { corrupted: { corruptions, onProgress: onCorrupted } }),
    });
  } finally {
    bars.stop();
    progress.stop();
  }
}

function printScore(output: Output, title: string, score: Evaluation, { note }: ClassMatch): void {
  const { badImages = [] } = score;
  output.paragraph(title, 'bold');
  if (note !== undefined) output.paragraph(note, 'dim');
  for (const line of output.folded(scoreText(score), '  top-1  ')) output.line(line);
  if (score.top5 !== undefined) output.line(`  top-5  ${percent(score.top5, 2)}`);
  output.line(`  loss   ${score.loss.toFixed(4)}`);
  if (score.corruptions) for (const line of ['', ...corruptionLines(score.corruptions), '']) output.line(line);
  for (const { message } of badImages.slice(0, shownBadImages)) output.paragraph(`passed over: ${message}`, 'dim');
  const { length: bad } = badImages;
  if (bad > 0) output.paragraph(`${badImagesText(bad)}${bad > shownBadImages ? ' (--json lists them)' : ''}`);
}
