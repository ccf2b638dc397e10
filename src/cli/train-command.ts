import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type DataSource, isDataSource, sourcesOf, sourceText } from '../data/index.ts';
import { findModel } from '../models/index.ts';
import { ConfigError, quoted } from '../tensor/index.ts';
import {
  configOfFolds,
  findRate,
  foldsIn,
  optionsFromConfig,
  type TrainOptions,
  train,
  usualEpochs,
} from '../train/index.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import { chosenFor } from './chosen-for.ts';
import { runFolds } from './cross-validation.ts';
import { givenData, readingWords } from './data-flags.ts';
import { withDataHint } from './data-hint.ts';
import { fromFlags } from './failure.ts';
import { Interrupted, interruptible } from './interruption.ts';
import { isModulePath } from './model-argument.ts';
import { networkArgument } from './network-options.ts';
import { withFlags } from './options-from-flags.ts';
import type { Output, Surroundings } from './output.ts';
import { runInRanks, wantsRanks } from './run-in-ranks.ts';
import { addTrainFlags, type TrainFlags } from './train-flags.ts';
import { minutesText, trainProgress } from './train-progress.ts';
import { printInterrupted, printRun } from './train-report.ts';
import { weightsArgument } from './weights-argument.ts';

const examples = `
Examples:
  skein train --data photos                  what is chosen is said, and how to choose otherwise
  skein train resnet20 --data cifar10 --epochs 30 --augment crop,flip
  skein train densenet-bc100-k12 --data photos --image-size 32 --nesterov
  skein train resnet20 --data labels.csv --label-column breed
  skein train resnet20 --data photos --data more-photos
  skein train resnet50 --weights imagenet --data photos
  skein train ./net.mjs --data photos        a network of your own
  skein train densenet40-k12 --option dropout=0.2 --data cifar10
  skein train resnet20 --data photos --folds 5 --patience 5 --class-weights balanced
  skein train --resume runs/resnet20-1
  skein train --config runs/resnet20-1/config.yaml --seed 1

Defaults are in parentheses.`;

/** `skein train` */
export function addTrainCommand(program: Command, { output, words }: Surroundings): void {
  const command = program
    .command('train')
    .description('Train a network on images')
    .usage('[MODEL] --data DATA [options]')
    .argument(
      '[model]',
      'a name from `skein models`, or the path of a module that exports a network (chosen by the images)',
    );
  addTrainFlags(command)
    .addHelpText('after', examples)
    .action(async (model: string | undefined, flags: TrainFlags) => {
      expectNoStart(model, flags);
      if (wantsRanks(flags.ranks)) return runInRanks(flags.ranks, words);
      return trainWith(model, await resumedOrStarted(model, flags));
    });

  /** Where a run can only be gone on with, nothing is taken that decides how one starts. */
  function expectNoStart(model: string | undefined, flags: TrainFlags): void {
    if (flags.resume === undefined || isWhole(model, flags)) return;
    const given = startingFlags.find((name) => flags[name] !== undefined);
    const option = command.options.find((one) => one.attributeName() === given);
    if (option)
      command.error(`error: option '--resume <run>' cannot be used with option '${option.flags}'`, { exitCode: 2 });
  }

  async function trainWith(model: string | undefined, flags: TrainFlags): Promise<void> {
    const begun = flags.resume === undefined ? undefined : await foldsIn(flags.resume);
    const folds = flags.folds ?? begun;
    const from = configFile(flags, begun !== undefined);
    if (from === undefined && flags.data === undefined)
      command.error('error: missing --data DATA; see skein train --help', { exitCode: 2 });
    if (flags.resume !== undefined) await expectRunFolder(flags.resume);
    const module = model !== undefined && isModulePath(model) ? model : undefined;
    const out = output(flags);
    const { weights, ...options } = await trainOptions(model, flags, out, from);
    const word = weights === undefined || options.resume ? weights : await startingWord(weights, options, out);
    await runTrain({ ...options, ...(word !== undefined && { weights: word }) }, out, flags, folds, module);
  }
}

/** What a run starts from; it is recorded when it has started. */
const startingFlags = ['weights', 'classesByPosition', 'preprocessing'] as const;

/** Whether the words are enough to start a run. */
const isWhole = (model: string | undefined, { data }: TrainFlags): boolean => model !== undefined && data !== undefined;

/** Who names network and data beside the run's folder starts it where it is not there yet, as machines do that are started again. */
async function resumedOrStarted(model: string | undefined, flags: TrainFlags): Promise<TrainFlags> {
  const { resume, ...others } = flags;
  if (resume === undefined || !isWhole(model, flags)) return flags;
  const isBegun = (await isThere(join(resume, 'last.safetensors'))) || (await foldsIn(resume)) !== undefined;
  if (!isBegun) return { ...others, out: resume };
  const { weights: _, classesByPosition: __, preprocessing: ___, ...goingOn } = flags;
  return goingOn;
}

const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

/** The word for exactly the weights that are meant, which are there then: a path, or an address with its hash. */
async function startingWord(word: string, { model }: TrainOptions, out: Output): Promise<string | undefined> {
  if (word === 'none') return undefined;
  const network = typeof model === 'string' ? findModel(model) : model;
  const weights = await weightsArgument(word, out, network);
  return weights.fetched ? weights.word : checkpointArgument(weights.path);
}

async function expectRunFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found)
    throw new ConfigError(`--resume: there is no folder ${path}`, 'give the folder of a run, such as runs/resnet20-1');
}

async function trainOptions(
  model: string | undefined,
  flags: TrainFlags,
  output: Output,
  from?: string,
): Promise<TrainOptions> {
  if (model === undefined && flags.option !== undefined)
    throw new ConfigError('--option: expected a MODEL that it changes, but there is none', 'name the network first');
  const known = {
    ...(model !== undefined && { model: await networkArgument(model, flags.option) }),
    ...(flags.data !== undefined && { data: givenData(flags.data) }),
  };
  const base = from !== undefined ? await optionsFromConfig(from, known) : await begunFrom(known, flags, output);
  const options = fromFlags(() => withFlags(base, flags));
  return flags.resume === undefined ? options : { ...options, out: flags.resume, resume: true };
}

/** Without a file, the data is known. */
async function begunFrom(known: Partial<TrainOptions>, flags: TrainFlags, output: Output): Promise<TrainOptions> {
  if (known.model !== undefined) return known as TrainOptions;
  const { epochs, ...chosen } = await chosenFor(known.data as DataSource, flags, output);
  // minutes are for as many epochs as fit
  return { ...chosen, ...(epochs !== undefined && flags.maxMinutes === undefined && { epochs }) };
}

/** Where the settings are that flags change. */
function configFile({ resume, config }: TrainFlags, isOfFolds: boolean): string | undefined {
  if (resume === undefined) return config;
  return isOfFolds ? configOfFolds(resume) : join(resume, 'config.yaml');
}

async function runTrain(
  options: TrainOptions,
  output: Output,
  flags: TrainFlags,
  folds: number | undefined,
  module: string | undefined,
): Promise<void> {
  const { data } = options;
  const listed = isDataSource(data) ? sourcesOf(data).map(quoted).join(' ') : quoted(data.train.name);
  if (folds !== undefined) {
    const told = {
      title: titleOf(options, output),
      data: `${listed}${readingWords(options)}`,
      json: flags.json,
      module,
    };
    return withDataHint(data, options, output, () => runFolds(options, folds, output, told));
  }
  await interruptible(output, async (signal) => {
    const progress = trainProgress(output, titleOf(options, output), `${listed}${readingWords(options)}`);
    signal.addEventListener('abort', () => progress.log('Stopping after this step; Ctrl-C again quits at once'));
    const stoppedAtOnce = (error: unknown): never => {
      if (!signal.aborted || error !== signal.reason) throw error;
      output.line('Stopped before the first step; nothing was saved');
      throw new Interrupted(true);
    };
    if (flags.findLr === 'only') {
      const only = { ...options, signal, callbacks: [progress.callback] };
      const search = await withDataHint(options.data, options, output, () =>
        findRate(only).finally(() => progress.stop()),
      ).catch(stoppedAtOnce);
      if (flags.json) output.json(search);
      return;
    }
    const run = await withDataHint(options.data, options, output, () =>
      train({ ...options, signal, callbacks: [progress.callback] }).finally(() => progress.stop()),
    ).catch(stoppedAtOnce);
    if (flags.json) output.json(run);
    if (run.stopped === 'interrupted') {
      printInterrupted(output, run, module);
      throw new Interrupted(true);
    }
    if (run.epochs.length === 0) output.line('All epochs were done already');
    if (!flags.json) printRun(output, run, options);
  });
}

/** resnet20 on cifar10, 30 epochs */
function titleOf(
  {
    model,
    data,
    fineTune,
    epochs = usualEpochs(fineTune),
    maxMinutes,
    maxSteps,
    resume = false,
    weights,
  }: TrainOptions,
  output: Output,
): string {
  const name = output.style('bold', typeof model === 'string' ? model : model.name);
  const on = isDataSource(data) ? sourceText(data) : data.train.name;
  const counted = epochs === 1 ? '1 epoch' : `${epochs} epochs`;
  const length = maxMinutes === undefined || maxSteps !== undefined ? counted : minutesText(maxMinutes);
  return resume
    ? `Going on with ${name} on ${on}, ${length} in all`
    : `Training ${name} on ${on} for ${length}${weights === undefined ? '' : `, from the weights of ${weights.replace(/#.*$/, '')}`}`;
}
