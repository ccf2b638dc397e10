import { Command } from 'commander';
import { type CompareOptions, type Comparison, compare, recordedComparison } from '../compare/index.ts';
import { findModel } from '../models/index.ts';
import { ConfigError, quoted } from '../tensor/index.ts';
import { isModulePath, optionsFromConfig, type TrainOptions } from '../train/index.ts';
import { compareProgress } from './compare-progress.ts';
import { printComparison, printStopped } from './compare-report.ts';
import { givenData } from './data-flags.ts';
import { withDataHint } from './data-hint.ts';
import { fromFlags, Reported } from './failure.ts';
import { positiveValue } from './flag-values.ts';
import { Interrupted, interruptible } from './interruption.ts';
import type { NetworkOptions } from './network-options.ts';
import { withFlags } from './options-from-flags.ts';
import type { Output, Surroundings } from './output.ts';
import { addTrainFlags, type TrainFlags } from './train-flags.ts';

interface CompareFlags extends TrainFlags {
  readonly seeds?: number;
}

const examples = `
Examples:
  skein compare plain20 resnet20 --data cifar10 --epochs 30 --seeds 3
  skein compare resnet20 resnet20:stochasticDepth=0.2 ./net.mjs --data photos --image-size 32
  skein compare resnet20 densenet-bc40-k12 --data photos --max-minutes 60
  skein compare --resume runs/comparison-1

All other flags are those of skein train: one recipe for all networks. The same command again goes on where it was stopped.
Defaults are in parentheses.`;

/** What another of these networks would have otherwise, or what only one run can be asked. */
const notShared: Readonly<Record<string, string>> = {
  findLr: 'look for the rate of one network first (skein train MODEL --find-lr only), and give it (--lr)',
  folds: 'a comparison repeats each training with other seeds: --seeds',
  ranks: 'a comparison trains in one process: train each network among ranks (skein train MODEL --ranks 2)',
  syncBatchNorm: 'it is among ranks, and a comparison trains in one process',
  changedData: 'all networks train on the same images: start a new comparison',
};

/** Of flags that mean something else here than for a single run. */
const otherwise: Readonly<Record<string, string>> = {
  '--data': 'as skein train takes it, and for all networks the same',
  '--max-minutes': 'for all runs together: what is left is shared equally among those that are left (no limit)',
  '--seed': 'the first seed (0)',
  '--out': 'the folder for all runs (runs/comparison-N); where it holds this comparison, that goes on',
  '--resume': 'go on with a comparison as if it had never stopped: its networks, data and recipe',
  '--json': 'print { networks, differences, … } as JSON, and progress to standard error',
  '--option': 'of all networks, such as dropout=0.2; of one: MODEL:dropout=0.2',
};

/** `skein compare` */
export function addCompareCommand(program: Command, { output }: Surroundings): void {
  const command = program
    .command('compare')
    .description('Train networks by one recipe with several seeds each, and say which differences are real')
    .usage('MODEL… --data DATA [options]')
    .argument('[models...]', 'names from `skein models`, also with options, or paths of modules that export a network')
    .option('--seeds <k>', 'trainings of each network, which are compared seed by seed (3)', positiveValue);
  addSharedFlags(command);
  command.addHelpText('after', examples).action(async (models: string[], flags: CompareFlags) => {
    for (const [flag, hint] of Object.entries(notShared))
      if (flags[flag as keyof CompareFlags] !== undefined)
        fromFlags(() => {
          throw new ConfigError(
            `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}: not possible in a comparison`,
            hint,
          );
        });
    if (flags.resume === undefined && models.length === 0)
      command.error('error: missing MODEL; see skein compare --help', { exitCode: 2 });
    if (flags.resume === undefined && flags.config === undefined && flags.data === undefined)
      command.error('error: missing --data DATA; see skein compare --help', { exitCode: 2 });
    const out = output(flags);
    await runCompare(await compareOptions(models, flags), out, flags);
  });
}

/** The flags of `skein train`, but for those that a comparison has not. */
function addSharedFlags(command: Command): void {
  const train = addTrainFlags(new Command());
  for (const option of train.options) {
    const about = otherwise[option.long ?? ''];
    if (about !== undefined) option.description = about;
    if (Object.hasOwn(notShared, option.attributeName())) option.hideHelp();
    command.addOption(option);
  }
}

async function compareOptions(models: readonly string[], flags: CompareFlags): Promise<CompareOptions> {
  const words = models.map((word) => withOptions(word, flags.option));
  const before = flags.resume === undefined ? undefined : await recordedComparison(flags.resume);
  const base: Base = before ?? (await begunFrom(flags));
  const { seeds = before?.seeds, maxMinutes = before?.maxMinutes, seed = before?.seed } = flags;
  const { resume, maxMinutes: _, seed: __, ...recipe } = flags;
  // the flags of a run know nothing of several networks
  const unnamed = { ...base, model: '' } as Omit<Base, 'models'> as TrainOptions;
  const { model: ___, callbacks: ____, ...shared } = fromFlags(() => withFlags(unnamed, recipe));
  return {
    ...(shared as Base),
    data: base.data ?? '',
    models: words.length > 0 ? words : (before?.models ?? []),
    ...(flags.data !== undefined && { data: givenData(flags.data) }),
    ...(seeds !== undefined && { seeds }),
    ...(seed !== undefined && { seed }),
    ...(maxMinutes !== undefined && { maxMinutes }),
    ...(resume !== undefined && { out: resume }),
  };
}

/** Options without what only code can give. */
type Base = Partial<Omit<CompareOptions, 'callbacks'>>;

/** What a config.yaml says of all but the network, its length in minutes and its seed. */
async function begunFrom({ config, data }: CompareFlags): Promise<Base> {
  const given = data === undefined ? undefined : givenData(data);
  if (config === undefined) return given === undefined ? {} : { data: given };
  const known = { model: findModel('resnet20'), ...(given !== undefined && { data: given }) };
  const recorded = await optionsFromConfig(config, known);
  const { model: _, maxMinutes: __, maxSteps: ___, fold: ____, callbacks: _____, ...rest } = recorded;
  return rest as Base;
}

/** resnet20:dropout=0.2 */
function withOptions(word: string, options: NetworkOptions = {}): string {
  const pairs = Object.entries(options).map(([key, text]) => `${key}=${text}`);
  if (pairs.length === 0) return word;
  if (isModulePath(word))
    throw new ConfigError(`${word}: --option is for the networks of skein models`, 'change the module instead');
  return `${word}${word.includes(':') ? ',' : ':'}${pairs.join(',')}`;
}

async function runCompare(options: CompareOptions, output: Output, flags: CompareFlags): Promise<void> {
  const comparison = await interruptible(output, async (signal) => {
    const progress = compareProgress(output);
    signal.addEventListener('abort', () => progress.log('Stopping after this step; Ctrl-C again quits at once'));
    return withDataHint(options.data, options as unknown as TrainOptions, output, () =>
      compare({ ...options, signal, callbacks: [progress.callback] }).finally(() => progress.stop()),
    );
  });
  if (flags.json) output.json(comparison);
  else printComparison(output, comparison);
  endWith(output, comparison);
}

/** @throws Interrupted, Reported where there is more to do */
function endWith(output: Output, comparison: Comparison): void {
  const { stopped, networks, folder } = comparison;
  if (stopped !== 'finished') printStopped(output, comparison);
  if (stopped === 'interrupted') throw new Interrupted();
  const failed = networks.flatMap(({ name, runs }) =>
    runs.flatMap(({ seed, failure }) => (failure ? [{ name, seed, failure }] : [])),
  );
  if (failed.length === 0) return;
  for (const { name, seed, failure } of failed) {
    output.line();
    output.paragraph(`${name}, seed ${seed}, failed: ${failure.message}`, 'red');
    if (failure.hint !== undefined) output.paragraph(`  ${failure.hint}`);
  }
  output.line(`\nTo try what failed again:
  ${output.command} compare --resume ${quoted(folder)}`);
  throw new Reported();
}
