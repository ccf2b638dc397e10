import { type Command, Option } from 'commander';
import { imageFormats } from '../data/index.ts';
import type { DataError } from '../tensor/index.ts';
import { loadClassifier, type Prediction } from '../trained/index.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import { csv } from './csv.ts';
import { printFailure, Reported } from './failure.ts';
import { engineChoices, engineValue, positiveValue, threadsValue } from './flag-values.ts';
import { countedKinds, imageArguments } from './image-arguments.ts';
import type { Output, Surroundings } from './output.ts';
import { count, percent } from './quantity.ts';
import { shortened } from './shortened.ts';

interface PredictFlags {
  readonly top: number;
  readonly threads?: number;
  readonly engine?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

interface Named {
  readonly path: string;
  readonly top: readonly Prediction[];
}

/** `skein predict` */
export function addPredictCommand(program: Command, { output }: Surroundings): void {
  program
    .command('predict')
    .description('Name what images show')
    .argument('<checkpoint>', 'a .safetensors file, or a run folder for its best epoch')
    .argument('<image...>', `${imageFormats('or')} files, or folders of them, with all folders within`)
    .option('--top <k>', 'labels to show for each image', positiveValue, 5)
    .option('--threads <n>', 'of the engine (all cores)', threadsValue)
    .option('--engine <name>', engineChoices, engineValue)
    .addOption(new Option('--csv', 'print a table: path, class, confidence, class_2, …').conflicts('json'))
    .option('--json', 'print an array of { path, top: [{ label, probability }] }')
    .addHelpText(
      'after',
      `
Examples:
  skein predict runs/resnet20-1 cat.jpg dog.jpg --top 3
  skein predict runs/resnet20-1 photos --csv > answers.csv

Images that cannot be read are named: exit code 1.`,
    )
    .action(async (path: string, images: readonly string[], flags: PredictFlags) => {
      const { top, threads, engine } = flags;
      const out = output({ json: flags.json === true || flags.csv === true });
      const { files, passedOver } = await imageArguments(images);
      const classifier = await loadClassifier(await checkpointArgument(path), {
        ...(threads !== undefined && { threads }),
        ...(engine !== undefined && { engine }),
      });
      try {
        const answers = await classifier.predictEach(files, { top });
        const named: Named[] = [];
        const errors: DataError[] = [];
        for (const [i, { predictions, error }] of answers.entries())
          if (predictions) named.push({ path: files[i] as string, top: predictions });
          else errors.push(error);
        if (flags.json) out.json(named);
        else if (flags.csv) out.result(csv(tableOf(named, Math.min(top, classifier.classes.length))));
        else printPredictions(out, named);
        if (passedOver.size > 0) out.paragraph(`not images that are read: ${countedKinds(passedOver)}`, 'dim');
        if (errors.length > 0) reportUnreadable(out, errors, files.length);
      } finally {
        await classifier.dispose();
      }
    });
}

const decimals = 6;

/** A row for each image: its path, and each class with its confidence, likeliest first. */
function tableOf(images: readonly Named[], top: number): (string | number)[][] {
  const columns = Array.from({ length: top }, (_, i) => (i === 0 ? '' : `_${i + 1}`));
  return [
    ['path', ...columns.flatMap((of) => [`class${of}`, `confidence${of}`])],
    ...images.map(({ path, top }) => [
      path,
      ...top.flatMap(({ label, probability }) => [label, probability.toFixed(decimals)]),
    ]),
  ];
}

/** @throws Reported, when each has been named; what to do is said once */
function reportUnreadable({ stderr }: Output, errors: readonly DataError[], images: number): never {
  const hints = errors.map(({ hint }) => hint);
  for (const [i, error] of errors.entries()) printFailure(stderr, error, { withHint: hints.indexOf(error.hint) === i });
  if (images > 1)
    stderr.write(
      `${count(images - errors.length)} of ${count(images)} images could be read, ${count(errors.length)} could not\n`,
    );
  throw new Reported();
}

const barWidth = 24;
const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

function printPredictions(output: Output, images: readonly Named[]): void {
  const room = output.live ? output.columns : Number.POSITIVE_INFINITY;
  // before and after the label: two spaces, and 7 characters for the percentage
  const longest = Math.max(8, room - 13);
  const width = Math.min(longest, Math.max(...images.flatMap(({ top }) => top.map(({ label }) => label.length))));
  const most = Math.min(barWidth, room - width - 13);
  for (const { path, top } of images) {
    output.line(output.style('bold', path));
    for (const { label, probability } of top) {
      const parts = Math.round(probability * Math.max(0, most) * 8);
      const bar = '█'.repeat(Math.floor(parts / 8)) + eighths[parts % 8];
      const line = `  ${shortened(label, width).padEnd(width)}  ${percent(probability).padStart(7)}`;
      output.line(`${line}  ${output.style('cyan', bar)}`);
    }
  }
}
