import { type Command, Option } from 'commander';
import type { Precision } from '../engines/index.ts';
import { type Experiment, experiments, findExperiment, type LabOptions, lab } from '../lab/index.ts';
import { inLanguage, languages } from '../report/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { dataOption, givenData } from './data-flags.ts';
import { fromFlags } from './failure.ts';
import { engineChoices, engineValue, positiveValue, precisionOption, threadsValue, wholeValue } from './flag-values.ts';
import { Interrupted, interruptible } from './interruption.ts';
import { LabProgress } from './lab-progress.ts';
import { labJson, printExperiments, printLabRun } from './lab-report.ts';
import type { Surroundings } from './output.ts';

interface LabFlags {
  readonly quick?: boolean;
  readonly full?: boolean;
  readonly data?: string[];
  readonly imageSize?: number;
  readonly seed?: number;
  readonly engine?: string;
  readonly precision?: Precision;
  readonly threads?: number;
  readonly out?: string;
  readonly lang?: NonNullable<LabOptions['language']>;
  readonly json?: boolean;
}

const examples = `
Examples:
  skein lab
  skein lab degradation
  skein lab degradation --full --data cifar10
  skein lab lesion runs/resnet56-1 --data cifar10 --out runs/lesion-of-mine

The same command again goes on where it was stopped. Defaults are in parentheses.`;

/** `skein lab` */
export function addLabCommand(program: Command, { output }: Surroundings): void {
  program
    .command('lab')
    .description('Experiments on plain, residual and dense networks: what their papers and others claim, measured here')
    .argument('[experiment]', 'a name from the list that skein lab prints')
    .argument('[run]', 'a trained network of your own, for experiments that take one')
    .option('--quick', 'in minutes on two cores (this)')
    .option(
      '--full',
      'with networks, images and epochs as in the papers, as far as a processor can; says first how long its trainings take',
    )
    .addOption(labData())
    .option('--image-size <n>', 'height and width of images from a folder (32)', positiveValue)
    .option('--seed <n>', 'of weights, order and choices (0)', wholeValue)
    .option('--engine <name>', engineChoices, engineValue)
    .addOption(labPrecision())
    .option('--threads <n>', 'of the engine (all cores)', threadsValue)
    .option('--out <folder>', 'where numbers and page go (runs/lab-NAME-quick)')
    .addOption(new Option('--lang <language>', 'of the page and of names in it').choices(languages))
    .option('--json', 'print the list, or { name, folder, page, seconds, findings, result }, as JSON')
    .addHelpText('after', examples)
    .action(async (name: string | undefined, run: string | undefined, flags: LabFlags) => {
      const out = output(flags);
      if (name === undefined) {
        if (flags.json) out.json(experiments.map(listed));
        else printExperiments(out, experiments);
        return;
      }
      const options = fromFlags(() => optionsOf(name, run, flags));
      const progress = new LabProgress(out);
      try {
        const done = await interruptible(out, async (signal) => {
          try {
            return await lab({ ...options, signal, callbacks: [progress] });
          } catch (error) {
            if (!signal.aborted || error !== signal.reason) throw error;
            progress.stop();
            out.line('Stopped. The same command goes on from here.');
            throw new Interrupted();
          }
        });
        progress.stop();
        if (flags.json) out.json(labJson(done));
        else printLabRun(out, done);
      } finally {
        progress.stop();
      }
    });
}

/** An experiment in the list for programs. */
const listed = ({ name, title, about, source }: Experiment) => ({
  name,
  title,
  about,
  source: inLanguage(source, 'en'),
});

/** `--data`, which need not be given. */
function labData(): Option {
  const option = dataOption();
  option.description += ' (fashion-mnist-sample)';
  return option;
}

/** `--precision`, of trainings alone. */
function labPrecision(): Option {
  const option = precisionOption();
  option.description = `in trainings, ${option.description}`;
  return option;
}

function optionsOf(name: string, run: string | undefined, flags: LabFlags): LabOptions {
  const { quick, full, data, imageSize, seed, engine, precision, threads, out, lang } = flags;
  findExperiment(name);
  if (quick && full) throw new ConfigError('--quick and --full are both given', 'name one of them');
  return {
    experiment: name,
    setting: full ? 'full' : 'quick',
    ...(run !== undefined && { run }),
    ...(data !== undefined && { data: givenData(data) }),
    ...(imageSize !== undefined && { imageSize }),
    ...(seed !== undefined && { seed }),
    ...(engine !== undefined && { engine }),
    ...(precision !== undefined && { precision }),
    ...(threads !== undefined && { threads }),
    ...(out !== undefined && { out }),
    ...(lang !== undefined && { language: lang }),
  };
}
