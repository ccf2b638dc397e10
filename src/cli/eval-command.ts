import { type Command, Option } from 'commander';
import { type Dataset, loadData } from '../data/index.ts';
import { wilsonInterval } from '../metrics/index.ts';
import { DataError } from '../tensor/index.ts';
import { type Classifier, loadClassifier, type Score } from '../trained/index.ts';
import { Bars } from './bars.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import { engineChoices, positiveValue } from './flag-values.ts';
import type { Output, Surroundings } from './output.ts';
import { count, percent } from './quantity.ts';
import { scoreText } from './train-report.ts';

type Split = 'test' | 'validation' | 'train';

interface EvalFlags {
  readonly data: string;
  readonly split: Split;
  readonly batchSize?: number;
  readonly threads?: number;
  readonly engine?: string;
  readonly json?: boolean;
}

/** `skein eval` */
export function addEvalCommand(program: Command, { output }: Surroundings): void {
  program
    .command('eval')
    .description('Measure a trained network on labelled images')
    .argument('<checkpoint>', 'a .safetensors file, or a run folder for its best epoch')
    .requiredOption('--data <data>', 'a name such as cifar10, a folder with one subfolder per class, or an idx file')
    .addOption(
      new Option('--split <split>', 'part of the data').choices(['test', 'validation', 'train']).default('test'),
    )
    .option('-b, --batch-size <n>', 'images that go through together (32)', positiveValue)
    .option('--threads <n>', 'of the engine (all cores)', positiveValue)
    .option('--engine <name>', engineChoices)
    .option('--json', 'print { checkpoint, data, split, top1, interval, top5, loss, correct, total }')
    .addHelpText('after', '\nExample:\n  skein eval runs/resnet20-1 --data cifar10 --json')
    .action(async (path: string, flags: EvalFlags) => {
      const out = output(flags);
      const checkpoint = await checkpointArgument(path);
      const { batchSize, threads, engine } = flags;
      const classifier = await loadClassifier(checkpoint, {
        ...(batchSize !== undefined && { batchSize }),
        ...(threads !== undefined && { threads }),
        ...(engine !== undefined && { engine }),
      });
      try {
        const dataset = await splitOf(classifier, flags);
        const score = await evaluated(classifier, dataset, out);
        const { top1, top5, loss, correct, total } = score;
        const interval = wilsonInterval(correct, total);
        const { data, split } = flags;
        if (flags.json) out.json({ checkpoint, data, split, top1, interval, top5, loss, correct, total });
        else printScore(out, `${checkpoint} on ${data}, ${split} split`, score);
      } finally {
        await classifier.dispose();
      }
    });
}

/** The split as training saw it: the same seed and share hold out the same validation samples. */
async function splitOf({ checkpoint }: Classifier, { data, split }: EvalFlags): Promise<Dataset> {
  const { preprocessing, training } = checkpoint;
  const { resize, interpolation } = preprocessing;
  const fraction = training?.config.validationFraction;
  const splits = await loadData(data, {
    size: preprocessing.height,
    ...(resize && { resize }),
    ...(interpolation && { interpolation }),
    seed: training?.seed ?? 0,
    ...(typeof fraction === 'number' && { validationFraction: fraction }),
  });
  const found = splits[split];
  if (found) return found;
  if (split === 'test')
    throw new DataError(
      `${data} has no test split`,
      '--split validation measures on the images that picked the best epoch',
    );
  throw new DataError(`${data} has no ${split} split, and the checkpoint does not say how it was held out`);
}

/** Evaluates while a bar follows the images that are read. */
async function evaluated(classifier: Classifier, dataset: Dataset, output: Output): Promise<Score> {
  const bars = new Bars(output, [{ label: 'evaluating', done: 0, facts: [] }]);
  let read = 0;
  const followed: Dataset = {
    name: dataset.name,
    classes: dataset.classes,
    length: dataset.length,
    ...(dataset.labels && { labels: dataset.labels }),
    read: (index) => {
      const done = ++read / dataset.length;
      bars.set(0, { label: 'evaluating', done, facts: [`${count(read)} of ${count(dataset.length)} images`] });
      return dataset.read(index);
    },
  };
  try {
    return await classifier.evaluate(followed);
  } finally {
    bars.stop();
  }
}

function printScore(output: Output, title: string, score: Score): void {
  output.line(output.style('bold', title));
  output.line(`  top-1  ${scoreText(score)}`);
  if (score.top5 !== undefined) output.line(`  top-5  ${percent(score.top5, 2)}`);
  output.line(`  loss   ${score.loss.toFixed(4)}`);
}
